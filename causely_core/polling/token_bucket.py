"""No more requests than a quota allows."""

from __future__ import annotations

import asyncio

from attrs import define, field


@define
class TokenBucket:
    """A token bucket: ``rate`` tokens come in a second, and at most ``burst`` are kept.

    Share one between all that count against the same quota, such as an account's. Who comes first is served first.
    Used on one event loop.

    Attributes:
        rate: tokens a second.
        burst: tokens at most, and at the start.
        taken: tokens given out so far.
    """

    rate: float
    burst: float
    taken: float = field(default=0.0, init=False)
    _left: float = field(init=False)
    _at: float | None = field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        """Be full."""
        self._left = self.burst

    async def take(self, tokens: float = 1.0) -> None:
        """Wait until it is one's turn.

        Args:
            tokens: how many it takes; they may be more than ``burst``, which the next ones wait for.
        """
        self._fill()
        self._left -= tokens
        self.taken += tokens
        if self._left < 0:
            await asyncio.sleep(-self._left / self.rate)

    def empty(self) -> None:
        """The server has refused as too many: start from nothing."""
        self.pause(0.0)

    def pause(self, seconds: float) -> None:
        """The server wants to be left alone for so long: who comes next waits until then."""
        self._fill()
        self._left = min(self._left, -seconds * self.rate)

    def _fill(self) -> None:
        now = asyncio.get_running_loop().time()
        self._left = min(self.burst, self._left + (now - (now if self._at is None else self._at)) * self.rate)
        self._at = now
