"""What a time series store does, whichever it is."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from attrs import define

from causely_core.model import EntityId, ObservationBatch


@define
class StoreStats:
    """What became of the samples given to a store.

    Attributes:
        written: stored.
        dropped: given up: overwritten by newer ones, or the store was away for too long.
        rejected: refused by the server as wrong, or not finite numbers.
        pending: waiting to be written.
        last_error: why the latest attempt failed; empty after a success.
    """

    written: int = 0
    dropped: int = 0
    rejected: int = 0
    pending: int = 0
    last_error: str = ""


class TimeSeriesStore(Protocol):
    """Keeps observations and gives back slices of them."""

    @property
    def stats(self) -> StoreStats:
        """Live counters."""
        ...

    async def write(self, batch: ObservationBatch) -> None:
        """Take samples in; returns at once, never raises and never waits for a server."""
        ...

    async def read(
        self, entities: Collection[EntityId], attributes: Collection[str] | None, start: float, end: float
    ) -> ObservationBatch:
        """The samples of ``entities`` in a span of time, sorted by series, then time.

        Args:
            entities: whose; none of them gives an empty batch.
            attributes: which; None for all.
            start: seconds since the epoch, included.
            end: seconds since the epoch, included.

        Raises:
            UnavailableError: the store does not answer.
        """
        ...

    async def aclose(self) -> None:
        """Write what is pending, for a few seconds at most, and release everything."""
        ...
