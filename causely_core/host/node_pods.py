"""The pods of a node, followed at the API server of its cluster."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import suppress

from attrs import define, field

from causely_core.host.pod_list import pod_info
from causely_core.host.pods import ContainerInfo, PodInfo
from causely_core.kubernetes import (
    REFUSED_PAUSE,
    Access,
    ApiError,
    Changed,
    Client,
    Listed,
    Reflector,
    Refused,
    Resource,
)

_PODS = Resource("", "v1", "pods")
_ENDED = ("Succeeded", "Failed")


@define
class NodePods:
    """Knows all pods that have not ended, and of each change as soon as the server does.

    Attributes:
        access: to the API server. The account needs ``list`` and ``watch`` on ``pods``.
        node: its name in Kubernetes.
        patience: seconds that :meth:`refresh` waits for the first answer, once.
        refused_pause: seconds after which, at the latest, is asked again for what may not be read.
    """

    access: Access
    node: str
    patience: float = 5.0
    refused_pause: float = REFUSED_PAUSE
    _pods: dict[str, PodInfo] = field(factory=dict, init=False)
    _containers: dict[str, ContainerInfo] = field(factory=dict, init=False)
    _begun: asyncio.Event = field(factory=asyncio.Event, init=False)
    _refused: str = field(default="", init=False)
    _reflector: Reflector[PodInfo] | None = field(default=None, init=False)
    _following: asyncio.Task[None] | None = field(default=None, init=False)

    @property
    def awaited(self) -> bool:
        """Whether a pod that is not known will be soon."""
        return not self.problem

    @property
    def problem(self) -> str:
        """Why nothing new is known, in one line; empty while all is well."""
        return self._refused or (self._reflector.problem if self._reflector else "")

    @property
    def pods(self) -> Collection[PodInfo]:
        """All pods of the node, whether anything of them runs or not."""
        return self._pods.values()

    def by_uid(self, uid: str) -> PodInfo | None:
        """The pod with this UID."""
        return self._pods.get(uid)

    def by_container(self, id: str) -> ContainerInfo | None:
        """The container with this id."""
        return self._containers.get(id)

    async def refresh(self) -> None:
        """Follow them from now on, if that was not begun; wait until they were told once, or cannot be.

        Raises:
            ApiError: nothing new is known, and why; what was told before stays known.
        """
        following = self._following = self._following or self._begin()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._begun.wait(), self.patience)
        self._begun.set()
        if following.done():
            self._following = None
            following.result()
        if self.problem:
            raise ApiError(self.problem)

    async def aclose(self) -> None:
        """Follow them no more; what was told stays known."""
        if self._following:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)
            self._following = None

    def _begin(self) -> asyncio.Task[None]:
        try:
            client = Client(self.access)
        except ApiError as problem:
            self._refused = str(problem)
            raise
        return asyncio.create_task(self._follow(client))

    async def _follow(self, client: Client) -> None:
        fields = ",".join((f"spec.nodeName={self.node}", *(f"status.phase!={phase}" for phase in _ENDED)))
        self._reflector = Reflector(client, _PODS, pod_info, fields=fields, refused_pause=self.refused_pause)
        try:
            async for found in self._reflector.changes():
                self._take(found)
        finally:
            await client.aclose()

    def _take(self, found: Listed[PodInfo] | Changed[PodInfo] | Refused) -> None:
        self._begun.set()
        self._refused = str(found.problem) if isinstance(found, Refused) else ""
        if isinstance(found, Refused):
            return
        if isinstance(found, Listed):
            self._know({pod.uid: pod for pod in found.objects})
            return
        others = {uid: pod for uid, pod in self._pods.items() if uid != found.object.uid}
        self._know(others if found.gone else others | {found.object.uid: found.object})

    def _know(self, pods: dict[str, PodInfo]) -> None:
        """Exchanged as a whole, for threads look things up meanwhile."""
        self._containers = {id: each for pod in pods.values() for id, each in pod.containers.items()}
        self._pods = pods
