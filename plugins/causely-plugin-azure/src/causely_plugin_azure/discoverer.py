"""The discoverer: the resources, and what they are to each other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from causely_core.polling import Told, changes
from causely_plugin_azure.poll import RETRY

if TYPE_CHECKING:
    from causely_core.hookspecs import HookContext
    from causely_core.model import TopologyDelta
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
        async with self._poll.access:
            async for delta in changes(self._look, self._every):
                yield delta

    async def _look(self) -> Told | None:
        found = await self._poll.told()
        return found if self._poll.answered else None
