"""The budget: how many requests are told of, so that following them takes no more of a processor than allowed."""

from __future__ import annotations

import math

from attrs import define, field

_FEWEST = 4096
"""One request of so many is told of at the least."""

_CALM = 0.5
"""Part of the budget below which more may be told of."""


@define
class Budget:
    """Adapts the share of requests that are told of to what telling them takes.

    Attributes:
        share: of one processor, that may be used.
        one_of: requests of which one is told of; 1 for all.
    """

    share: float
    one_of: int = field(default=1, init=False)

    def spent(self, seconds: float, over: float) -> bool:
        """``seconds`` of a processor were used in ``over`` seconds; true when ``one_of`` is another one now.

        What is used is taken to grow with the requests told of. It is cut at once, and let grow to the full
        budget only when it is well below, so that it does not swing.
        """
        ratio = seconds / over / self.share
        if _CALM <= ratio <= 1.0:
            return False
        before = self.one_of
        self.one_of = min(max(math.ceil(before * ratio), 1), _FEWEST)
        return self.one_of != before

    @property
    def threshold(self) -> int:
        """How many of 2^32 requests are told of; 0 for all."""
        return 0 if self.one_of == 1 else (1 << 32) // self.one_of
