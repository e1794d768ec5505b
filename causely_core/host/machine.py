"""One view of a machine for all that look at it, so that they give its services the same names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from threading import RLock

from attrs import define, field

from causely_core.host.docker import Docker
from causely_core.host.owners import Owners
from causely_core.host.pods import Pods
from causely_core.host.processes import Process, Processes
from causely_core.host.root import HostRoot
from causely_core.host.sockets import Listening, Sockets
from causely_core.host.stat import Stat
from causely_core.model import Entity, EntityType


@define(eq=False)
class Machine:
    """The machine below a root; plugins of one process share it by :meth:`at`.

    Attributes:
        root: where its files are.
        node: the machine as an entity.
        processes: who runs on it.
        owners: whose they are.
        listening: who listens where, as of the last :meth:`look`.
    """

    root: HostRoot
    node: Entity
    processes: Processes
    owners: Owners
    listening: Listening = field(factory=Listening, init=False)
    _sockets: Sockets = field(init=False)
    _lock: RLock = field(factory=RLock, init=False)

    @_sockets.default
    def _read_sockets(self) -> Sockets:
        return Sockets(self.root)

    @classmethod
    def of(cls, root: HostRoot, node: str = "", pods: Pods | None = None) -> Machine:
        """A view of its own.

        Args:
            root: where the machine's files are.
            node: its name in Kubernetes; empty for its host name.
            pods: what is known of pods; by default, what Docker has written down of its containers.
        """
        entity = Entity.of(EntityType.NODE, node or root.hostname)
        processes = Processes(root)
        return cls(root, entity, processes, Owners(processes, entity, pods or Docker(root)))

    @classmethod
    def at(cls, root: str = "/", node: str = "") -> Machine:
        """The view that all who name the same root and node share in this process."""
        return _shared(root, node)

    def look(self, age: float = 0.0) -> Sequence[tuple[Process, Stat]]:
        """All processes now; brings up to date who listens where. To be called every few seconds, by any thread.

        Args:
            age: of :meth:`Processes.running`.
        """
        with self._lock:
            running = self.processes.running(age)
            self.listening = self._sockets.listening(process for process, _ in running)
            self.owners.listening(self.listening.ports)
            self.owners.forget(process.pid for process, _ in running)
            return running


@cache
def _shared(root: str, node: str) -> Machine:
    return Machine.of(HostRoot(root), node)
