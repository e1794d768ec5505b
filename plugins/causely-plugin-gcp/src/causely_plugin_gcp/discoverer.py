"""The discoverer: what there is in the projects."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from causely_core.rhythm import beat

if TYPE_CHECKING:
    from causely_core.model import TopologyDelta
    from causely_core.polling import Told
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
        told: Told | None = None
        async with self._watch.opened():
            while True:
                found = await self._watch.resources()
                if found is not None and told is None:
                    yield found.snapshot()
                elif found is not None and told is not None and (delta := found.since(told)):
                    yield delta
                told = found if found is not None else told
                await beat(self._looking)
