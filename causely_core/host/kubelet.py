"""The kubelet of this node: which pods and containers it runs."""

from __future__ import annotations

import ssl
from collections.abc import Collection, Iterable
from pathlib import Path

import httpx
from attrs import define, field, frozen

from causely_core.errors import CauselyError
from causely_core.host.pod_list import parse_pods
from causely_core.host.pods import ContainerInfo, PodInfo

_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
_MAX_MISSED = 10_000


class KubeletError(CauselyError):
    """The kubelet did not tell its pods; one line with where and why."""


@frozen
class KubeletAccess:
    """How to reach the kubelet.

    Attributes:
        url: such as ``https://10.0.0.7:10250``.
        token: file with the service account's token, read anew each time for it is renewed.
        authority: file with the certificates to trust; empty trusts any, for kubelets that sign their own.
        timeout: seconds for one answer.
        interval: seconds from one reading to the next.
        shortest: seconds between two readings when a pod was asked for that is not known.
    """

    url: str
    token: str = f"{_ACCOUNT}/token"
    authority: str = f"{_ACCOUNT}/ca.crt"
    timeout: float = 5.0
    interval: float = 30.0
    shortest: float = 2.0


@define
class Kubelet:
    """Pods as the kubelet has told them latest; :meth:`refresh` is to be called often, it asks when it is time."""

    access: KubeletAccess
    awaited: bool = field(default=True, init=False)
    _pods: dict[str, PodInfo] = field(factory=dict, init=False)
    _containers: dict[str, ContainerInfo] = field(factory=dict, init=False)
    _missed: set[str] = field(factory=set, init=False)
    _hurried: bool = field(default=False, init=False)
    _asked: float = field(default=float("-inf"), init=False)

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
            self._take(await self._ask())
        except (httpx.HTTPError, OSError, ValueError, AttributeError, TypeError) as problem:
            self.awaited = False
            raise KubeletError(_one_line(self.access.url, problem)) from problem
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

    def _token(self) -> str:
        return Path(self.access.token).read_text(encoding="utf-8").strip()

    async def _ask(self) -> list[PodInfo]:
        authority = self.access.authority
        verify: ssl.SSLContext | bool = ssl.create_default_context(cafile=authority) if authority else False
        # The node is next door: whatever proxies the environment names are not for it.
        async with httpx.AsyncClient(verify=verify, timeout=self.access.timeout, trust_env=False) as client:
            answer = await client.get(f"{self.access.url}/pods", headers={"Authorization": f"Bearer {self._token()}"})
        answer.raise_for_status()
        return list(parse_pods(answer.json()))


def _one_line(url: str, problem: Exception) -> str:
    why = f"HTTP {problem.response.status_code}" if isinstance(problem, httpx.HTTPStatusError) else str(problem)
    return " ".join(f"kubelet {url}/pods: {why or type(problem).__name__}".split())
