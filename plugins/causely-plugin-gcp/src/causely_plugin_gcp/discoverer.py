"""The discoverer: what there is in the projects."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from causely_core.polling import changes

if TYPE_CHECKING:
    from causely_core.model import TopologyDelta
    from causely_plugin_gcp.watch import Watch

_LOOKING = 15.0
"""Seconds after which is looked whether a question is due, or one that failed is to be asked again."""


class GcpDiscoverer:
    """Tells the resources of the projects.

    Attributes:
        name: ``resources``.
    """

    name = "resources"

    def __init__(self, watch: Watch, interval: float) -> None:
        self._watch, self._looking = watch, min(interval, _LOOKING)

    async def discover(self) -> AsyncIterator[TopologyDelta]:
        """All that is there once somebody has answered, then what changes."""
        async with self._watch.opened():
            async for delta in changes(self._watch.resources, self._looking):
                yield delta
