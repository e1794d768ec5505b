"""When to diagnose: soon after a change, never too often, and now and then while anything is active."""

from __future__ import annotations

import asyncio

from attrs import define, field

from causely_core.model import Clock

GAP = 0.5
"""Seconds between two diagnoses at least: a burst of updates is diagnosed once."""
REFRESH = 2.0
"""Seconds between two diagnoses at most while anything is active or due."""


@define(eq=False)
class Pacing:
    """Lets a loop wait for its next turn."""

    clock: Clock
    gap: float = GAP
    refresh: float = REFRESH
    _changed: asyncio.Event = field(factory=asyncio.Event, init=False)

    def change(self) -> None:
        """Something changed that a diagnosis may depend on."""
        self._changed.set()

    async def turn(self, busy: bool, due: float | None) -> None:
        """Wait for the next turn.

        Args:
            busy: whether anything is active.
            due: when something changes by itself, seconds since the epoch; none for never.
        """
        await asyncio.sleep(self.gap)
        try:
            async with asyncio.timeout(self._patience(busy, due)):
                await self._changed.wait()
        except TimeoutError:
            return
        finally:
            self._changed.clear()

    def _patience(self, busy: bool, due: float | None) -> float | None:
        if due is not None:
            return min(self.refresh, max(0.0, due - self.clock.now()))
        return self.refresh if busy else None
