"""Counters: what they have grown by from one pass to the next."""

from __future__ import annotations

from collections.abc import Hashable

from attrs import define, field


@define
class Counters:
    """Remembers the counters of the last pass.

    A counter that was not read then, or that went backwards because what it counts began anew, has not grown by
    any known number.
    """

    seconds: float = field(default=0.0, init=False)
    _time: float | None = field(default=None, init=False)
    _before: dict[Hashable, float] = field(factory=dict, init=False)
    _now: dict[Hashable, float] = field(factory=dict, init=False)

    def begin(self, now: float) -> None:
        """Begin a pass at ``now``, in seconds; what was not read in the last one is forgotten."""
        self.seconds = now - self._time if self._time is not None else 0.0
        self._time, self._before, self._now = now, self._now, {}

    def growth(self, key: Hashable, value: float | None) -> float | None:
        """By how much the counter has grown since the last pass; none when that cannot be told."""
        if value is None:
            return None
        self._now[key] = value
        before = self._before.get(key)
        return value - before if before is not None and value >= before else None

    def rate(self, key: Hashable, value: float | None) -> float | None:
        """By how much the counter grows in a second, likewise."""
        growth = self.growth(key, value)
        return growth / self.seconds if growth is not None and self.seconds > 0 else None


def share(part: float | None, whole: float | None, fewest: float = 0.0) -> float | None:
    """``part`` of ``whole``; none when either is not known, or ``whole`` is not above ``fewest``."""
    return part / whole if part is not None and whole is not None and whole > fewest else None
