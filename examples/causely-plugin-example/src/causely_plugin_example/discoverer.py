"""The discoverer: the folders as entities."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from attrs import define

from causely_core.hookspecs import HookContext
from causely_core.model import TopologyDelta
from causely_plugin_example.folder import entity


@define
class FolderDiscoverer:
    """Tells of the folders once: they are those of the configuration, which does not change."""

    context: HookContext
    name: str = "folders"

    async def discover(self) -> AsyncIterator[TopologyDelta]:
        """One snapshot; a stream must not end by itself, so this waits until it is closed."""
        entities = tuple(entity(folder) for folder in self.context.config.folders)
        yield TopologyDelta(self.name, 0, entities, snapshot=True)
        await asyncio.Event().wait()
