"""Root causes that are inferred and not shown yet: they must prove stable first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from attrs import define, field

from causely_core.model import EntityId, RootCause


class CauseKey(NamedTuple):
    """What makes two inferences be about the same root cause."""

    entity: EntityId
    cause: str

    @classmethod
    def of(cls, root_cause: RootCause) -> CauseKey:
        """The key of an inferred root cause."""
        return cls(root_cause.entity, root_cause.cause)


@define
class Candidates:
    """Remembers since when each candidate has been inferred without a break.

    Attributes:
        confirm_after: seconds a candidate must stay inferred.
    """

    confirm_after: float
    _since: dict[CauseKey, float] = field(factory=dict, init=False)

    def stable(self, inferred: Iterable[CauseKey], now: float) -> tuple[CauseKey, ...]:
        """Those of ``inferred`` that are no candidates any more; what is not in it begins anew next time."""
        since = {key: self._since.get(key, now) for key in inferred}
        stable = tuple(key for key, begun in since.items() if now >= begun + self.confirm_after)
        self._since = {key: begun for key, begun in since.items() if key not in stable}
        return stable

    @property
    def due(self) -> float | None:
        """When the next candidate may become stable, seconds since the epoch; none without candidates."""
        return min(self._since.values()) + self.confirm_after if self._since else None
