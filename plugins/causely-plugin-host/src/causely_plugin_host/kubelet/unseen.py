"""Containers that the kubelet runs and the agent cannot measure itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from attrs import frozen

from causely_core.host import ContainerInfo, HostRoot, PodInfo
from causely_plugin_host.groups import GroupFiles
from causely_plugin_host.sight import Group, Seen


@frozen
class Unseen:
    """What cAdvisor is asked for; nothing on most nodes, and then it is not asked.

    Attributes:
        containers: whose control groups cannot be read, each with its pod.
        networks: pods of whose processes none is seen, those with a network of their own.
    """

    containers: tuple[tuple[PodInfo, ContainerInfo], ...] = ()
    networks: tuple[PodInfo, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to ask for."""
        return bool(self.containers)

    @property
    def pods(self) -> set[tuple[str, str]]:
        """Namespaces and names."""
        return {(pod.namespace, pod.name) for pod, _ in self.containers}


def unseen(root: HostRoot, seen: Seen, pods: Collection[PodInfo]) -> Unseen:
    """Compare what the kubelet runs with what the agent sees."""
    groups = {group.owner.runtime_id: group for group in seen.containers.values()}
    containers = tuple(_containers(root, groups, pods))
    apart = {
        pod.uid: pod for pod, _ in containers if not pod.host_network and not groups.keys() & pod.containers.keys()
    }
    return Unseen(containers, tuple(apart.values()))


def _containers(
    root: HostRoot, groups: Mapping[str, Group], pods: Collection[PodInfo]
) -> Iterator[tuple[PodInfo, ContainerInfo]]:
    for pod in pods:
        for info in pod.containers.values():
            group = groups.get(info.id)
            if info.running and not (group and GroupFiles(root, group.first.cgroup).readable):
                yield pod, info
