"""The collector: measured values of each folder."""

from __future__ import annotations

from collections.abc import AsyncIterator

from attrs import define

from causely_core.hookspecs import HookContext
from causely_core.model import ObservationBatch
from causely_core.rhythm import beat
from causely_plugin_example.folder import measure


@define
class FolderCollector:
    """Looks into every folder at intervals."""

    context: HookContext
    name: str = "folders"

    async def observe(self) -> AsyncIterator[ObservationBatch]:
        """Measure at once, then at each interval."""
        config, clock = self.context.config, self.context.clock
        while True:
            now = clock.now()
            # An error ends the stream, which is right: causely logs it and starts the stream anew after a while.
            yield ObservationBatch.at(now, (value for folder in config.folders for value in measure(folder, now)))
            await beat(config.interval)
