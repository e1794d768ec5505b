"""A clock for services that run: it flows, from where a test puts it, and can be moved ahead."""

from __future__ import annotations

import time

from attrs import define, field


@define
class FlowingClock:
    """Shows ``start`` when it is made and goes on as time does.

    Attributes:
        start: seconds since the epoch.
    """

    start: float
    _began: float = field(factory=time.monotonic, init=False)

    def now(self) -> float:
        """Seconds since the epoch, as this clock has it."""
        return self.start + time.monotonic() - self._began

    def advance(self, seconds: float) -> float:
        """Move ahead by ``seconds`` and return the new time."""
        self.start += seconds
        return self.now()
