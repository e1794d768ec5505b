"""The plugin: one watcher in the agent, shown to it as a collector and as a discoverer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causely_core.hookspecs import Collector, Discoverer, HookContext, hookimpl
from causely_plugin_ebpf.config import EbpfConfig

if TYPE_CHECKING:
    from causely_plugin_ebpf.watcher import Watcher


class EbpfPlugin:
    """Services and what they ask of each other, without their help."""

    causely_api = 1

    def __init__(self) -> None:
        self._watchers: list[Watcher] | None = None

    @hookimpl
    def causely_config(self) -> type:
        """How much to look at, and how much to keep; see :class:`EbpfConfig`."""
        return EbpfConfig

    @hookimpl
    def causely_collectors(self, context: HookContext) -> list[Collector]:
        """The watcher, in an agent that may load programs into the kernel."""
        return [*self._shared(context)]

    @hookimpl
    def causely_discoverers(self, context: HookContext) -> list[Discoverer]:
        """The same watcher."""
        return [*self._shared(context)]

    def _shared(self, context: HookContext) -> list[Watcher]:
        if self._watchers is None:
            self._watchers = list(_watchers(context))
        return self._watchers


def _watchers(context: HookContext) -> list[Watcher]:
    if context.component != "agent":
        return []
    # Commands that only list plugins need not wait for numpy.
    from causely_core.host import Machine
    from causely_plugin_ebpf.checks import lacking
    from causely_plugin_ebpf.watcher import Watcher

    missing = list(lacking(context.host_root, context.data_dir))
    if missing:
        context.logger.warning("connections are not watched", missing="; ".join(missing))
        return []
    return [Watcher(context, Machine.at(str(context.host_root)))]
