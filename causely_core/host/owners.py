"""Whose the processes of a machine are: the one place where every source of telemetry asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from threading import RLock

from attrs import define, field

from causely_core.host.families import head
from causely_core.host.naming import Name, Names, name_of
from causely_core.host.places import Owner, owner_of
from causely_core.host.pods import ContainerInfo, NoPods, PodInfo, Pods
from causely_core.host.processes import Process, Processes
from causely_core.kubernetes import ignored
from causely_core.model import Entity


@define
class Owners:
    """Looks owners up; safe to use from several threads, and cheap when asked again.

    Attributes:
        processes: of the machine.
        node: the machine.
        pods: what is known of Kubernetes and of container runtimes.
    """

    processes: Processes
    node: Entity
    pods: Pods = field(factory=NoPods)
    _names: Names = field(factory=Names, init=False)
    _ports: Mapping[int, frozenset[int]] = field(factory=dict, init=False)
    _known: dict[int, tuple[Process, Owner]] = field(factory=dict, init=False)
    _lock: RLock = field(factory=RLock, init=False)

    def of(self, pid: int) -> Owner | None:
        """Whose process ``pid`` is; none when it has ended, when its pod is not known yet (ask again later), or when
        people want its pod to be ignored.
        """
        process = self.processes.of(pid)
        return self.owner(process) if process else None

    def owner(self, process: Process) -> Owner | None:
        """Whose a process is that was looked up just now; likewise none when its pod is not known yet."""
        with self._lock:
            known = self._known.get(process.pid)
            if known is None or known[0] is not process:
                owner = self._find(process)
                # A pod that is not known may be by and by, and what is said of it until then is not kept.
                settled = owner is not None and bool(owner.pod) == bool(process.cgroup.pod)
                self._remember(process.pid, (process, owner) if owner and settled else None)
                return owner
            return known[1]

    def listening(self, ports: Mapping[int, frozenset[int]]) -> None:
        """Take note of the ports of each process that listens, by which services of one name are told apart."""
        heads: dict[int, Process] = {}
        found: dict[int, frozenset[int]] = {}
        for pid, own in ports.items():
            process = self.processes.of(pid)
            if process is not None:
                first = head(process, self.processes)
                heads[first.pid] = first
                found[first.pid] = found.get(first.pid, frozenset()) | own
        with self._lock:
            if found != self._ports:
                self._ports = found
                self._settle(heads.values())

    def forget(self, alive: Iterable[int]) -> None:
        """Forget all processes but those ``alive``."""
        with self._lock:
            for pid in self._known.keys() - set(alive):
                del self._known[pid]

    def _settle(self, heads: Iterable[Process]) -> None:
        """Name those that listen, the oldest first, so that it does not matter who is asked after first."""
        for process in sorted(heads, key=lambda each: (each.started, each.pid)):
            self._find(process)
        self._known = {}

    def _remember(self, pid: int, known: tuple[Process, Owner] | None) -> None:
        self._known.pop(pid, None)
        if known is not None and len(self._known) < self.processes.limit:
            self._known[pid] = known

    def _find(self, process: Process) -> Owner | None:
        first = head(process, self.processes)
        pod, container = self._whereabouts(first)
        if first.cgroup.pod and self.pods.awaited and not (pod and container):
            return None
        if pod and ignored(pod.marks):
            return None
        name = self._names.settle(_named(first, pod, container), first, self._ports.get(first.pid, frozenset()))
        return owner_of(first, name, self.node, pod, container)

    def _whereabouts(self, process: Process) -> tuple[PodInfo | None, ContainerInfo | None]:
        group = process.cgroup
        pod = self.pods.by_uid(group.pod) if group.pod else None
        return pod, self.pods.by_container(group.container) if group.container else None


def _named(process: Process, pod: PodInfo | None, container: ContainerInfo | None) -> Name:
    if pod and container and container.service:
        # What else the process may call itself only it knows: Kubernetes, asked by others, does not.
        return Name(container.service)
    return name_of(process, (container.service or container.name) if container else "")
