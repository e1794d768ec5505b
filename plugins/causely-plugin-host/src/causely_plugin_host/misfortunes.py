"""Misfortunes of containers in the last ten minutes: kills for want of memory, and restarts."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import define, field

from causely_core.host import ContainerInfo, Recent
from causely_core.model import EntityId
from causely_plugin_host.counters import Counters
from causely_plugin_host.machine_values import Value


@define
class Misfortunes:
    """Counts them by the container's entity, which outlives its starts.

    A kill is told by the control group, unless that ends with it, and then by the kubelet.

    Attributes:
        counters: of all containers.
    """

    counters: Counters
    _recent: Recent = field(factory=Recent, init=False)

    def begin(self, now: float) -> None:
        """Forget what was too long ago; ``now`` in seconds."""
        self._recent.forget(now)

    def told(self, id: EntityId, killed: float | None, info: ContainerInfo | None, now: float) -> Iterator[Value]:
        """Attributes of the container.

        Args:
            id: of its entity.
            killed: kills since the last reading by its control group; none when that cannot be told.
            info: what the kubelet tells of it, if that does; restarts only it can tell.
            now: seconds.
        """
        restarted = None
        if info:
            restarted = self.counters.growth((id, "restarts"), float(info.restarts))
            later = self.counters.growth((id, "killed at"), info.killed)
            if not killed and later is not None:
                killed = float(later > 0)
        yield "oom_kill_count", self._recent.add((id, "killed"), killed, now)
        yield "restart_count", self._recent.add((id, "restarts"), restarted, now)
