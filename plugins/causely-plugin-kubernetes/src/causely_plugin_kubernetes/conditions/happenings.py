"""How often something has happened of late, by what objects tell of it."""

from __future__ import annotations

from attrs import define, field

from causely_core.host import WINDOW, Recent
from causely_core.model import Series
from causely_plugin_kubernetes.conditions.told import Happened


@define
class Happenings:
    """Counts over the last ten minutes, by entity: one pod may be followed by another of the same node or name."""

    _recent: Recent = field(factory=Recent, init=False)

    def note(self, before: Happened | None, after: Happened, now: float) -> bool:
        """Take in what an object tells; whether something has happened since it told ``before``.

        Args:
            before: what it told until now; none when it is new here. What it counted before it was watched is not
                known to be of late, but for the latest.
            after: what it tells.
            now: seconds since the epoch.
        """
        number, at = _since(before, after), after.latest or now
        if not number or now - at > WINDOW:
            return False
        self._recent.add(after.series, float(number), min(at, now))
        return True

    def count(self, series: Series, now: float) -> float:
        """How often in the ten minutes before ``now``."""
        return self._recent.add(series, 0.0, now) or 0.0

    def forget(self, now: float) -> None:
        """Forget what was too long ago."""
        self._recent.forget(now)


def _since(before: Happened | None, after: Happened) -> int:
    if before is None:
        return int(after.latest > 0.0)
    if after.total is None or before.total is None:
        return int(after.latest > before.latest)
    # What counts less than before has begun anew.
    return after.total - before.total if after.total >= before.total else after.total
