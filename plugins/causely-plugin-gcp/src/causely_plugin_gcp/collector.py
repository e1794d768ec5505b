"""The collector: how the resources of the projects are."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from causely_core.rhythm import beat
from causely_plugin_gcp.telling import TELLING

if TYPE_CHECKING:
    from causely_core.model import ObservationBatch
    from causely_plugin_gcp.watch import Watch


class GcpCollector:
    """Tells the values of metrics, those of the latest minute that is known.

    Attributes:
        name: ``metrics``.
    """

    name = "metrics"

    def __init__(self, watch: Watch, interval: float) -> None:
        self._watch, self._telling = watch, min(interval, TELLING)

    async def observe(self) -> AsyncIterator[ObservationBatch]:
        """Give what is known, more often than it changes: what was not heard of for 30 s counts as silent."""
        async with self._watch.opened():
            while True:
                batch = await self._watch.values()
                if len(batch):
                    yield batch
                await beat(self._telling)
