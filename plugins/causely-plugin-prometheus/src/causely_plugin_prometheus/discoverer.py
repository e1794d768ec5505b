"""The discoverer: what the series are of."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from causely_core.polling import Told, changes

if TYPE_CHECKING:
    from causely_core.hookspecs import HookContext
    from causely_core.model import TopologyDelta
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
        async for delta in changes(self._look, self._context.config.interval):
            yield delta

    async def _look(self) -> Told | None:
        found = await self._poll.latest()
        return found.told if found.answered else None
