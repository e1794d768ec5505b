"""How often something has happened of late, by what objects tell of it."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping

from attrs import define, field, frozen

from causely_core.host import WINDOW
from causely_core.model import Series
from causely_plugin_kubernetes.conditions.told import Happened


@frozen
class Counting:
    """How an attribute is counted.

    Attributes:
        window: seconds for which what has happened counts.
        weight: what each time adds.
        most: the value that it does not exceed.
    """

    window: float = WINDOW
    weight: float = 1.0
    most: float = math.inf


_EACH = Counting()
_COUNTED: Mapping[str, Counting] = {
    "change": Counting(most=1.0),
    # Three in a row are what Kubernetes takes for a failure where nothing else is said.
    "probe_failure_rate": Counting(60.0, 1 / 3, 1.0),
    # A kubelet tries again, and tells so, after two minutes at the latest.
    "volume_mount_failing": Counting(180.0, most=1.0),
}


@define
class Happenings:
    """Counts by entity, not by object: one pod may be followed by another of the same node or name."""

    _times: dict[Series, deque[tuple[float, int]]] = field(factory=dict, init=False)

    def note(self, before: Happened | None, after: Happened, now: float) -> bool:
        """Take in what an object tells; whether something has happened since it told ``before``.

        Args:
            before: what it told until now; none when it is new here. What it counted before it was watched is not
                known to be of late, but for the latest.
            after: what it tells.
            now: seconds since the epoch.
        """
        number, at = _since(before, after), after.latest or now
        if not number or now - at > _counting(after.series).window:
            return False
        self._times.setdefault(after.series, deque()).append((min(at, now), number))
        return True

    def count(self, series: Series, now: float) -> float:
        """How often of late, as of ``now``."""
        times, how = self._times.get(series), _counting(series)
        if not times:
            return 0.0
        return min(how.weight * sum(number for at, number in times if now - at <= how.window), how.most)

    def forget(self, now: float) -> None:
        """Forget what was too long ago."""
        for series, times in list(self._times.items()):
            while times and now - times[0][0] > _counting(series).window:
                times.popleft()
            if not times:
                del self._times[series]


def _counting(series: Series) -> Counting:
    return _COUNTED.get(series.attribute, _EACH)


def _since(before: Happened | None, after: Happened) -> int:
    if before is None:
        return int(after.latest > 0.0)
    if after.total is None or before.total is None:
        return int(after.latest > before.latest)
    # What counts less than before has begun anew.
    return after.total - before.total if after.total >= before.total else after.total
