"""Batches that wait to be written, oldest first, bounded in samples."""

from __future__ import annotations

import asyncio
from collections import deque

from causely_core.model import ObservationBatch
from causely_core.timeseries.store import StoreStats


class WriteQueue:
    """Full means that the oldest batches go: the newest telemetry is what a diagnosis asks for."""

    def __init__(self, max_samples: int, stats: StoreStats) -> None:
        """Hold at most ``max_samples``, or one batch that is larger; ``stats`` is kept up to date."""
        self._max_samples = max_samples
        self._stats = stats
        self._batches: deque[ObservationBatch] = deque()
        self._filled = asyncio.Event()
        self._drained = asyncio.Event()
        self._drained.set()

    def put(self, batch: ObservationBatch) -> None:
        """Add to the end."""
        self._batches.append(batch)
        self._drained.clear()
        self._stats.pending += len(batch)
        while self._stats.pending > self._max_samples and len(self._batches) > 1:
            self._stats.dropped += self._pop()
        self._filled.set()

    async def take(self, samples: int) -> list[ObservationBatch]:
        """Wait for batches and take about ``samples`` off the front; they stay counted as pending."""
        await self._filled.wait()
        taken = [self._batches.popleft()]
        size = len(taken[0])
        while self._batches and size + len(self._batches[0]) <= samples:
            taken.append(self._batches.popleft())
            size += len(taken[-1])
        if not self._batches:
            self._filled.clear()
        return taken

    def done(self, batches: list[ObservationBatch]) -> int:
        """What was taken is no longer pending; returns how many samples."""
        size = sum(map(len, batches))
        self._stats.pending -= size
        if not self._stats.pending:
            self._drained.set()
        return size

    async def drained(self) -> None:
        """Wait until nothing is pending."""
        await self._drained.wait()

    def _pop(self) -> int:
        return self.done([self._batches.popleft()])
