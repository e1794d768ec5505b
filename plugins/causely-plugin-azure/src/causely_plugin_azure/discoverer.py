"""The discoverer: the resources, and what they are to each other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from causely_core.rhythm import beat
from causely_plugin_azure.poll import RETRY

if TYPE_CHECKING:
    from causely_core.hookspecs import HookContext
    from causely_core.model import TopologyDelta
    from causely_core.polling import Told
    from causely_plugin_azure.poll import Poll


class AzureDiscoverer:
    """Tells the resources of the subscriptions.

    Attributes:
        name: ``resources``.
    """

    name = "resources"

    def __init__(self, context: HookContext, poll: Poll) -> None:
        """Tell what ``poll`` finds."""
        self._poll = poll
        self._every = min(RETRY, context.config.resources_interval)

    async def discover(self) -> AsyncIterator[TopologyDelta]:
        """All that is there once Azure has answered, then what changes."""
        told: Told | None = None
        async with self._poll.access:
            while True:
                found = await self._poll.told()
                # A snapshot of nothing would take away what was known before a restart.
                if self._poll.answered and told is None:
                    told = found
                    yield told.snapshot()
                elif told is not None and (delta := found.since(told)):
                    told = found
                    yield delta
                await beat(self._every)
