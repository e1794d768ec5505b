"""The budget: how many requests are told of, so that following them takes no more of a processor than allowed."""

from __future__ import annotations

import math

from attrs import define, field

_FEWEST = 4096
"""One request of so many is told of at the least."""

_SAVED = 60.0
"""Seconds over which the budget is meant: what was not used may be used at once later, as when much is new."""


@define
class Budget:
    """Adapts the share of requests that are told of to what telling them takes.

    Attributes:
        share: of one processor, that may be used on average.
        one_of: requests of which one is told of; 1 for all.
    """

    share: float
    one_of: int = field(default=1, init=False)
    _left: float = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Begin with all of it: at the start everything is new."""
        self._left = self.share * _SAVED

    def spent(self, seconds: float, over: float) -> bool:
        """``seconds`` of a processor were used in ``over`` seconds; true when ``one_of`` is another one now.

        What is used is taken to grow with the requests told of. Fewer are told of only when nothing is left, and
        more only as far as half of the budget allows, so that it does not swing.
        """
        self._left = min(self._left + self.share * over - seconds, self.share * _SAVED)
        ratio, before = seconds / (over * self.share), self.one_of
        if self._left < 0.0 and ratio > 1.0:
            self.one_of = min(math.ceil(before * ratio), _FEWEST)
        elif ratio < 0.5:
            self.one_of = max(math.ceil(before * ratio * 2.0), 1)
        self._left = max(self._left, 0.0)
        return self.one_of != before

    @property
    def threshold(self) -> int:
        """How many of 2^32 requests are told of; 0 for all."""
        return 0 if self.one_of == 1 else (1 << 32) // self.one_of
