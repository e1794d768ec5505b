"""The collector: the newest values of what was discovered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import TYPE_CHECKING

from causely_core.polling import Latest
from causely_core.rhythm import beat
from causely_plugin_azure.health import Health
from causely_plugin_azure.logs import Logs
from causely_plugin_azure.metrics.reading import Reading

if TYPE_CHECKING:
    from causely_core.hookspecs import HookContext
    from causely_core.model import ObservationBatch
    from causely_plugin_azure.poll import Poll

_GRADUAL = frozenset({"backlog", "azure.dead_letters"})
"""What is judged by how it grows."""


class AzureCollector:
    """Tells the metrics of the resources.

    Attributes:
        name: ``metrics``.
    """

    name = "metrics"

    def __init__(self, context: HookContext, poll: Poll) -> None:
        """Tell of what ``poll`` finds."""
        self._context, self._poll = context, poll

    async def observe(self) -> AsyncIterator[ObservationBatch]:
        """Give what is known, again and again, while the next values are asked for."""
        config = self._context.config
        async with self._poll.access:
            held = Latest(config.late, _GRADUAL)
            asking = asyncio.create_task(self._ask(held))
            try:
                while not asking.done():
                    batch = held.batch(self._context.clock.now())
                    if len(batch):
                        yield batch
                    await beat(config.told_every)
                await asking
            finally:
                asking.cancel()
                with suppress(asyncio.CancelledError):
                    await asking

    async def _ask(self, held: Latest) -> None:
        """Ask for the values once in an interval; never ends."""
        reading = Reading(self._context, self._poll.access)
        health, logs = Health(self._context, self._poll.access), Logs(self._context, self._poll.access)
        while True:
            if not self._poll.answered:
                await self._poll.told()
            found = self._poll.found
            asked = await asyncio.gather(health.values(found), reading.values(found), logs.values())
            held.hear((row for rows in asked for row in rows), self._context.clock.now())
            await beat(self._context.config.values_interval)
