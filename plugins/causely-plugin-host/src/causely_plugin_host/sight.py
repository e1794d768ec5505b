"""What is seen of the machine in one pass, for the collector and the discoverer alike."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from attrs import define, field, frozen

from causely_core.hookspecs import HookContext
from causely_core.host import (
    Cgroup,
    KubeletAccess,
    KubeletClient,
    Machine,
    NodePods,
    Owner,
    PodInfo,
    Process,
    Stat,
    owner_of,
)
from causely_core.kubernetes import ApiError, ServiceAccount, cluster_url, ignored
from causely_core.model import EntityId
from causely_core.rhythm import TOGETHER
from causely_plugin_host.kubelet.told import Told


@frozen
class Group:
    """Processes that belong together: those of a container, or those that one process has started of its own program.

    Attributes:
        owner: whose they are.
        members: they, with their numbers.
    """

    owner: Owner
    members: list[tuple[Process, Stat]] = field(factory=list)

    @property
    def first(self) -> Process:
        """Any of them, for what they have in common."""
        return self.members[0][0]

    @property
    def key(self) -> str | int:
        """Tells the instances of a service on this machine apart."""
        return self.owner.container or self.owner.instance


@frozen
class Seen:
    """One pass.

    Attributes:
        processes: all of them.
        services: those that listen on a port, or that OpenTelemetry's variables name; each with its instances here.
        containers: all of them in which something runs.
        idle: those of pods in which nothing runs now, such as one that waits to be started again.
    """

    processes: Sequence[tuple[Process, Stat]]
    services: Mapping[EntityId, Sequence[Group]]
    containers: Mapping[EntityId, Group]
    idle: Mapping[EntityId, Owner]


@define
class Sight:
    """Looks at the machine; who listens where is looked up seldom, for that takes the kernel longest.

    Attributes:
        machine: what is looked at.
        followed: the pods of the node, if it is one of Kubernetes.
        kubelet: tells what they use, if it is to be asked.
        told: what it has told.
    """

    machine: Machine
    followed: NodePods | None
    kubelet: KubeletClient | None
    _context: HookContext
    told: Told = field(factory=Told, init=False)
    _lock: asyncio.Lock = field(factory=asyncio.Lock, init=False)
    _looked: float | None = field(default=None, init=False)
    _problem: str = field(default="", init=False)

    @classmethod
    def of(cls, context: HookContext) -> Sight:
        """The sight that the plugin's configuration asks for."""
        config = context.config
        machine, followed = Machine.at(str(context.host_root), context.node), None
        if url := config.api_url or cluster_url():
            account = ServiceAccount(url, Path(config.api_account))
            followed = machine.owners.pods = NodePods(account, machine.node.name)
        access = KubeletAccess(
            config.kubelet_url, config.kubelet_token, config.kubelet_authority, config.kubelet_timeout
        )
        return cls(machine, followed, KubeletClient(access) if access.url else None, context)

    @property
    def pods(self) -> Collection[PodInfo]:
        """Those of the node that are not to be ignored; none without Kubernetes."""
        return [pod for pod in self.followed.pods if not ignored(pod.marks)] if self.followed else ()

    async def look(self) -> Seen:
        """Look at all processes now."""
        async with self._lock:
            await self._ask()
            return await asyncio.to_thread(self._look, self._context.clock.now())

    async def aclose(self) -> None:
        """Follow the pods no more, until the next look."""
        if self.followed:
            await self.followed.aclose()

    async def _ask(self) -> None:
        """Without the API processes still have their containers, so that its silence is only told, and once."""
        problem = ""
        try:
            if self.followed:
                await self.followed.refresh()
        except ApiError as said:
            problem = str(said)
            if problem != self._problem:
                self._context.logger.warning("pods are not known", error=problem)
        self._problem = problem

    def _look(self, now: float) -> Seen:
        config, age = self._context.config, self._context.config.interval * TOGETHER
        # Two who look at intervals of which one is a multiple of the other should not just miss each other.
        if self._looked is None or not 0 <= now - self._looked < config.discovery_interval * 0.9:
            self._looked = now
            return self._grouped(self.machine.look(age))
        return self._grouped(self.machine.processes.running(age))

    def _grouped(self, running: Sequence[tuple[Process, Stat]]) -> Seen:
        services: dict[EntityId, dict[str | int, Group]] = {}
        containers: dict[EntityId, Group] = {}
        listening = set(self.machine.listening.pids.values())
        wanted: set[EntityId] = set()
        for process, stat in running:
            owner = self.machine.owners.owner(process)
            if owner is None:
                continue
            group = Group(owner)
            services.setdefault(owner.service, {}).setdefault(group.key, group).members.append((process, stat))
            if owner.container:
                containers.setdefault(owner.container, Group(owner)).members.append((process, stat))
            if process.pid in listening or process.declared.service:
                wanted.add(owner.service)
        kept = {id: tuple(instances.values()) for id, instances in services.items() if id in wanted}
        return Seen(running, kept, containers, self._idle(containers))

    def _idle(self, running: Mapping[EntityId, Group]) -> dict[EntityId, Owner]:
        found = {}
        for pod in self.pods:
            for info in pod.containers.values():
                nobody = Process(0, 0, 0, "", cgroup=Cgroup(info.id, pod.uid))
                owner = owner_of(nobody, info.service, self.machine.node, pod, info)
                if owner.container and owner.container not in running:
                    found[owner.container] = owner
        return found
