"""The collector: the values of each round."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from causely_core.rhythm import beat

if TYPE_CHECKING:
    from causely_core.hookspecs import HookContext
    from causely_core.model import ObservationBatch
    from causely_plugin_prometheus.poll import Poll


class PrometheusCollector:
    """Tells the values that the queries give.

    Attributes:
        name: ``values``.
    """

    name = "values"

    def __init__(self, context: HookContext, poll: Poll) -> None:
        self._context, self._poll = context, poll

    async def observe(self) -> AsyncIterator[ObservationBatch]:
        """Give the values of every round that has some."""
        while True:
            found = await self._poll.latest()
            if len(found.batch):
                yield found.batch
            await beat(self._context.config.interval)
