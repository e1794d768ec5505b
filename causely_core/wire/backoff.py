"""Exponential back-off with jitter.

The formula is "equal jitter" of M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015:
half of the delay is fixed, so that a refused connection is not tried in a tight loop, and half is random.
"""

from __future__ import annotations

import random

from attrs import define, field


@define
class Backoff:
    """Delays that double from ``first`` to ``longest`` seconds, each drawn from its upper half."""

    first: float = 0.2
    longest: float = 5.0
    _next: float = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Begin with the shortest delay."""
        self._next = self.first

    def delay(self) -> float:
        """Seconds to wait before the next try."""
        ceiling = self._next
        self._next = min(self.longest, ceiling * 2)
        return random.uniform(ceiling / 2, ceiling)

    def reset(self) -> None:
        """Begin anew after a success."""
        self._next = self.first
