"""The kubelet of this node: which pods and containers it runs."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from attrs import define, field

from causely_core.host.kubelet_client import KubeletAccess, KubeletClient, KubeletError
from causely_core.host.pod_list import parse_pods
from causely_core.host.pods import ContainerInfo, PodInfo

_MAX_MISSED = 10_000


@define
class Kubelet:
    """Pods as the kubelet has told them latest; :meth:`refresh` is to be called often, it asks when it is time.

    Attributes:
        access: how to reach it.
        client: asks it, also for other than its pods.
        awaited: whether a pod that is not known will be soon.
    """

    access: KubeletAccess
    client: KubeletClient = field(init=False)
    awaited: bool = field(default=True, init=False)
    _pods: dict[str, PodInfo] = field(factory=dict, init=False)
    _containers: dict[str, ContainerInfo] = field(factory=dict, init=False)
    _missed: set[str] = field(factory=set, init=False)
    _hurried: bool = field(default=False, init=False)
    _asked: float = field(default=float("-inf"), init=False)

    @client.default
    def _ask_by(self) -> KubeletClient:
        return KubeletClient(self.access)

    def by_uid(self, uid: str) -> PodInfo | None:
        """The pod with this UID; one that is not known makes the next refresh come early."""
        pod = self._pods.get(uid)
        if pod is None:
            self._miss(uid)
        return pod

    def by_container(self, id: str) -> ContainerInfo | None:
        """The container with this id, likewise."""
        container = self._containers.get(id)
        if container is None:
            self._miss(id)
        return container

    @property
    def pods(self) -> Collection[PodInfo]:
        """All pods of the node, whether anything of them runs or not."""
        return self._pods.values()

    async def refresh(self, now: float) -> None:
        """Ask the kubelet if that is due.

        Args:
            now: seconds, of any steady clock.

        Raises:
            KubeletError: it did not answer; what it told before stays known.
        """
        pause = self.access.shortest if self._hurried else self.access.interval
        if now - self._asked < pause:
            return
        self._asked, self._hurried = now, False
        try:
            self._take(await self.client.json("/pods", lambda document: list(parse_pods(document))))
        except KubeletError:
            self.awaited = False
            raise
        self.awaited = True

    def _miss(self, id: str) -> None:
        """What the kubelet was asked after in vain, such as the pauses of pods, does not hurry it again."""
        if id in self._missed:
            return
        if len(self._missed) >= _MAX_MISSED:
            self._missed.clear()
        self._missed.add(id)
        self._hurried = True

    def _take(self, pods: Iterable[PodInfo]) -> None:
        found = {pod.uid: pod for pod in pods}
        self._pods = found
        self._containers = {id: each for pod in found.values() for id, each in pod.containers.items()}
