"""Deltas on their way from who finds them to who reads them, for discoverers that find as they collect."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from attrs import define, field

from causely_core.model import TopologyDelta

_MOST = 64
"""Deltas that may wait for a slow reader; beyond it, one snapshot takes their place."""


@define(eq=False)
class Deltas:
    """A bounded queue for one reader. Used on one event loop.

    Attributes:
        snapshot: gives all that is known now.
    """

    snapshot: Callable[[], Awaitable[TopologyDelta]]
    _waiting: asyncio.Queue[TopologyDelta] = field(factory=lambda: asyncio.Queue(_MOST), init=False)
    _behind: bool = field(default=False, init=False)

    def tell(self, delta: TopologyDelta) -> None:
        """Pass a delta on; never waits."""
        if self._waiting.full():
            self._behind = True
            while not self._waiting.empty():
                self._waiting.get_nowait()
        self._waiting.put_nowait(delta)

    async def read(self) -> AsyncIterator[TopologyDelta]:
        """A snapshot, then what changes; a snapshot again after the reader has fallen behind."""
        self._behind = True
        while True:
            if self._behind:
                self._behind = False
                yield await self.snapshot()
            delta = await self._waiting.get()
            if not self._behind:
                yield delta
