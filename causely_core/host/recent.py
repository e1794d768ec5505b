"""Events of the last ten minutes."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable

from attrs import define, field

WINDOW = 600.0
"""Seconds for which what happened counts as having happened of late."""


@define
class Recent:
    """Counts what has happened of late, as far as it was watched."""

    _events: dict[Hashable, deque[tuple[float, float]]] = field(factory=dict, init=False)

    def add(self, key: Hashable, number: float | None, now: float) -> float | None:
        """Take note of ``number`` more events and tell all of late; none when nothing is known of any.

        Args:
            key: whose events they are.
            number: how many more there were; none when it is not known.
            now: seconds.
        """
        if number:
            self._events.setdefault(key, deque()).append((now, number))
        events = self._events.get(key)
        while events and now - events[0][0] > WINDOW:
            events.popleft()
        if not events:
            self._events.pop(key, None)
            return number
        return sum(count for _, count in events)

    def forget(self, now: float) -> None:
        """Forget whose last event was too long ago."""
        for key in [key for key, events in self._events.items() if now - events[-1][0] > WINDOW]:
            del self._events[key]
