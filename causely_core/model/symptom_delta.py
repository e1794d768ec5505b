"""Symptoms that changed, or all that are active, as one source tells them."""

from __future__ import annotations

from attrs import frozen

from causely_core.model.symptom import Manifestation


@frozen
class SymptomDelta:
    """Manifestations that one source forwards together.

    Attributes:
        source: who detected, unique in a cluster (``mediator``, ``agent/node-1``).
        manifestations: symptoms that began, changed or cleared.
        snapshot: when true, they replace all active symptoms of the source.
    """

    source: str
    manifestations: tuple[Manifestation, ...] = ()
    snapshot: bool = False

    def __bool__(self) -> bool:
        """Whether applying the delta can change anything."""
        return self.snapshot or bool(self.manifestations)
