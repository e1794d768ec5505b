"""Time as an argument, so that detection and inference replay bit for bit."""

from __future__ import annotations

import time
from typing import Protocol

from attrs import define


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> float:
        """Seconds since the Unix epoch."""
        ...


class SystemClock:
    """The machine's wall clock."""

    def now(self) -> float:
        """Seconds since the Unix epoch, as the operating system tells them."""
        return time.time()


@define
class ManualClock:
    """A clock that a test or a replay moves by hand."""

    time: float = 0.0

    def now(self) -> float:
        """The time last set, in seconds since the Unix epoch."""
        return self.time

    def advance(self, seconds: float) -> float:
        """Move forward by ``seconds`` and return the new time."""
        self.time += seconds
        return self.time
