"""The plugin: a watcher of connections and one of resources, each shown to the agent as collector and discoverer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causely_core.hookspecs import Collector, Discoverer, HookContext, hookimpl
from causely_plugin_ebpf.config import EbpfConfig

if TYPE_CHECKING:
    from causely_plugin_ebpf.resources.collector import Resources
    from causely_plugin_ebpf.watcher import Watcher


class EbpfPlugin:
    """Services and what they ask of each other, without their help."""

    causely_api = 1
    causely_shares_loop = True

    def __init__(self) -> None:
        self._watchers: list[Watcher | Resources] | None = None

    @hookimpl
    def causely_config(self) -> type:
        """How much to look at, and how much to keep; see :class:`EbpfConfig`."""
        return EbpfConfig

    @hookimpl
    def causely_collectors(self, context: HookContext) -> list[Collector]:
        """Both, in an agent that may load programs into the kernel."""
        return [*self._shared(context)]

    @hookimpl
    def causely_discoverers(self, context: HookContext) -> list[Discoverer]:
        """The same two."""
        return [*self._shared(context)]

    def _shared(self, context: HookContext) -> list[Watcher | Resources]:
        if self._watchers is None:
            self._watchers = list(_watchers(context))
        return self._watchers


def _watchers(context: HookContext) -> list[Watcher | Resources]:
    if context.component != "agent":
        return []
    # Commands that only list plugins need not wait for numpy.
    from causely_core.host import Machine, tell_unmet
    from causely_plugin_ebpf.checks import WANTED, lacking
    from causely_plugin_ebpf.resources.collector import Resources
    from causely_plugin_ebpf.watcher import Watcher

    missing = list(lacking(context.host_root, context.data_dir))
    if missing:
        context.logger.warning("nothing is watched", missing="; ".join(missing))
        return []
    tell_unmet(WANTED, context.logger)
    machine = Machine.at(str(context.host_root), context.node)
    return [Watcher(context, machine), Resources(context, machine)]
