"""A root cause with its life: when it was named, and when and why it ended."""

from __future__ import annotations

from attrs import frozen

from causely_core.model import RootCause, entity_type


@frozen
class RootCauseRecord:
    """One episode of a root cause, from its confirmation to its clearing.

    Attributes:
        root_cause: as last inferred; its ``id`` names this episode, and another episode has another.
        name: what a person calls its entity.
        severity: of the worst symptom it explained when last inferred, 0..1.
        rank: 0 for the best of the latest diagnosis.
        diagnosed_at: when it was confirmed, seconds since the epoch.
        cleared_at: when it ended, seconds since the epoch; none while it is active.
        superseded_by: id of the root cause that explains its symptoms better; empty when none took over.
        gap: nats by which another set of causes might be better than the diagnosis it was last inferred in; 0 when
            that is proven best.
    """

    root_cause: RootCause
    name: str
    severity: float
    rank: int
    diagnosed_at: float
    cleared_at: float | None = None
    superseded_by: str = ""
    gap: float = 0.0

    @property
    def id(self) -> str:
        """Of this episode."""
        return self.root_cause.id

    @property
    def type(self) -> str:
        """Of the entity the cause is on."""
        return entity_type(self.root_cause.entity)

    @property
    def active(self) -> bool:
        """Whether it has not ended."""
        return self.cleared_at is None
