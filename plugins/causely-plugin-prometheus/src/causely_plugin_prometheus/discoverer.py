"""The discoverer: what the series are of."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from causely_core.rhythm import beat

if TYPE_CHECKING:
    from causely_core.hookspecs import HookContext
    from causely_core.model import TopologyDelta
    from causely_core.polling import Told
    from causely_plugin_prometheus.poll import Poll


class PrometheusDiscoverer:
    """Tells the entities and relations that the queries give.

    Attributes:
        name: ``series``.
    """

    name = "series"

    def __init__(self, context: HookContext, poll: Poll) -> None:
        self._context, self._poll = context, poll

    async def discover(self) -> AsyncIterator[TopologyDelta]:
        """All that is there once the server has answered, then what changes."""
        told: Told | None = None
        while True:
            found = await self._poll.latest()
            # A snapshot of nothing would take away what was known before a restart.
            if found.answered and told is None:
                told = found.told
                yield told.snapshot()
            elif told is not None and (delta := found.told.since(told)):
                told = found.told
                yield delta
            await beat(self._context.config.interval)
