"""Pods of the machine, as whoever talks to Kubernetes knows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from attrs import field, frozen


@frozen
class ContainerInfo:
    """A container by its runtime's id.

    Attributes:
        id: 64 hexadecimal digits.
        name: within its pod, or as the container runtime names it.
        image: that it was started from; empty when not known.
        service: name of the service that its processes are, unless they name themselves.
        restarts: how often it was started anew; of Kubernetes only, as what follows.
        killed: when it was last killed for want of memory, in seconds since the epoch; 0 for never.
        requested: processors that it has requested; 0 for none.
        running: whether it ran when that was told.
        limits: what it may use at most, by the resource's name in Kubernetes: ``cpu`` in processors, ``memory`` and
            ``ephemeral-storage`` in bytes; what has no limit is not in it.
    """

    id: str
    name: str
    image: str = ""
    service: str = ""
    restarts: int = 0
    killed: float = 0.0
    requested: float = 0.0
    running: bool = False
    limits: Mapping[str, float] = field(factory=dict, hash=False)


@frozen
class PodInfo:
    """A pod.

    Attributes:
        uid: of the pod, as its control groups are named.
        namespace: that it is in.
        name: unique in its namespace.
        workloads: kind and name of its owners, outermost first: ``("Deployment", "cart")``.
        containers: those that have been started, by id.
        claims: its persistent volume claims, and of each the names of the containers that can write to it.
        host_network: whether it has no network of its own but the node's.
        marks: what people have said of it for causely, by labels and annotations.
    """

    uid: str
    namespace: str
    name: str
    workloads: tuple[tuple[str, str], ...] = ()
    containers: Mapping[str, ContainerInfo] = field(factory=dict, hash=False)
    claims: Mapping[str, tuple[str, ...]] = field(factory=dict, hash=False)
    host_network: bool = False
    marks: Mapping[str, str] = field(factory=dict, hash=False)


class Pods(Protocol):
    """Tells of pods and containers; answers at once from what it knows."""

    @property
    def awaited(self) -> bool:
        """Whether a pod that is not known will be soon, so that it is better not to name its processes yet."""
        ...

    def by_uid(self, uid: str) -> PodInfo | None:
        """The pod with this UID; none when it is not known."""
        ...

    def by_container(self, id: str) -> ContainerInfo | None:
        """The container with this id, in a pod or not; none when it is not known."""
        ...


class NoPods:
    """Knows none: for machines without Kubernetes."""

    awaited = False

    def by_uid(self, uid: str) -> PodInfo | None:
        """None."""
        return None

    def by_container(self, id: str) -> ContainerInfo | None:
        """None."""
        return None
