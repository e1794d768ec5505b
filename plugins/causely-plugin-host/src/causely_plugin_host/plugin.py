"""The plugin: one view of the machine in the agent, shown to it as a collector and as a discoverer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causely_core.hookspecs import Collector, Discoverer, HookContext, hookimpl
from causely_plugin_host.config import HostConfig

if TYPE_CHECKING:
    from causely_plugin_host.sight import Sight


class HostPlugin:
    """The built-in integration of the machine that the agent runs on."""

    causely_api = 1
    causely_shares_loop = True

    def __init__(self) -> None:
        self._sight: Sight | None = None

    @hookimpl
    def causely_config(self) -> type:
        """What to look at and how often; see :class:`HostConfig`."""
        return HostConfig

    @hookimpl
    def causely_collectors(self, context: HookContext) -> list[Collector]:
        """What the machine and all on it use, in the agent only; with a kubelet also what that alone can tell."""
        if context.component != "agent":
            return []
        from causely_plugin_host.collector import HostCollector
        from causely_plugin_host.connection_collector import ConnectionCollector
        from causely_plugin_host.kubelet.collector import KubeletCollector

        sight = self._shared(context)
        connections = [ConnectionCollector(context, sight)] if context.config.connections_interval else []
        told = [KubeletCollector(context, sight, sight.kubelet)] if sight.kubelet else []
        return [HostCollector(context, sight), *connections, *told]

    @hookimpl
    def causely_discoverers(self, context: HookContext) -> list[Discoverer]:
        """What there is on the machine, in the agent only."""
        if context.component != "agent":
            return []
        from causely_plugin_host.discoverer import HostDiscoverer

        return [HostDiscoverer(context, self._shared(context))]

    def _shared(self, context: HookContext) -> Sight:
        if self._sight is None:
            from causely_core.host import tell_unmet
            from causely_plugin_host.rights import WANTED
            from causely_plugin_host.sight import Sight

            tell_unmet(WANTED, context.logger)
            self._sight = Sight.of(context)
        return self._sight
