"""Loading a plugin as a service does, as often as a test wants."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog
from attrs import define, field, frozen
from opentelemetry.metrics import NoOpMeter

from causely_core.hookspecs import HookContext
from causely_core.model import Clock
from causely_core.plugins import Plugin, PluginManager
from causely_core.testing.fix import fix

NAME = "tested"
"""What the plugin under test is called, and its section of the configuration."""


class _Nothing:
    """Stands for the plugin where a test has none."""

    causely_api = 1


@frozen
class Asked:
    """A plugin that was loaded.

    Attributes:
        manager: that loaded it, and nothing else.
        plugin: the entry of the plugin.
        context: what its hooks get.
    """

    manager: PluginManager
    plugin: Plugin
    context: HookContext

    async def items(self, hook: str) -> list[Any]:
        """What ``hook`` brings; fails the test when it raises."""
        found = await self.manager.call(hook)
        if self.plugin.error:
            fix(f"the plugin failed in {self.plugin.error}", "a hook must return, and quickly; connect in the stream")
        return [item for _, item in found]


@define
class Contexts:
    """Loads ``plugin`` anew for each that asks.

    Attributes:
        plugin: class or object.
        section: its section of the configuration.
        component: that loads it.
        clock: the test's.
        folder: each plugin that is loaded gets one below it.
    """

    plugin: Any
    section: Mapping[str, Any]
    component: str
    clock: Clock
    folder: Path
    _made: int = field(default=0, init=False)

    def load(self) -> Asked:
        """The plugin, loaded anew."""
        self._made += 1
        folder = self.folder / str(self._made)
        logger, meter = structlog.get_logger(), NoOpMeter("test")
        manager = PluginManager(self.component, self.clock, logger, meter, folder, {NAME: self.section})
        plugin = manager.register(NAME, _Nothing if self.plugin is None else self.plugin)
        return Asked(manager, plugin, manager.context(plugin))

    def make(self) -> HookContext:
        """A context of its own."""
        return self.load().context

    async def items(self, hook: str) -> list[Any]:
        """What ``hook`` of a plugin loaded anew brings."""
        return await self.load().items(hook)

    def items_now(self, hook: str) -> list[Any]:
        """The same for those who do not run on an event loop."""
        return asyncio.run(self.items(hook))
