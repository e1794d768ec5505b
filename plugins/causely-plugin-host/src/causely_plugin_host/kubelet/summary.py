"""The kubelet's ``/stats/summary``: what is stored on the node, in its pods and in their volumes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from causely_plugin_host.counters import share


@frozen
class FileSystem:
    """How full a file system is; what is not known is none.

    Attributes:
        capacity: bytes in all.
        space: share of them that is taken, by what may be taken without being root.
        inodes: share of its inodes that is taken.
    """

    capacity: float | None
    space: float | None
    inodes: float | None

    @classmethod
    def of(cls, told: Mapping[str, Any] | None) -> FileSystem:
        """Read an ``FsStats``. What is used is not: of the images' file system that would be the images alone."""
        told = told or {}
        capacity, inodes = told.get("capacityBytes"), told.get("inodes")
        return cls(
            None if capacity is None else float(capacity),
            _taken(told.get("availableBytes"), capacity),
            _taken(told.get("inodesFree"), inodes),
        )


@frozen
class PodStorage:
    """What a pod stores.

    Attributes:
        uid: of the pod.
        used: bytes of ephemeral storage: its containers' own layers and logs, and volumes that end with it.
        containers: bytes of each container's own layer and logs, by its name.
        claims: its persistent volumes, by the names of their claims.
    """

    uid: str
    used: float
    containers: Mapping[str, float]
    claims: Mapping[str, FileSystem]


@frozen
class Summary:
    """The whole answer.

    Attributes:
        node: where the kubelet keeps pods' files.
        images: where images and the containers' own layers are; often the same.
        pods: all of the node.
    """

    node: FileSystem
    images: FileSystem
    pods: tuple[PodStorage, ...]


def parse_summary(document: Mapping[str, Any]) -> Summary:
    """Read the answer; what a kubelet does not tell, such as what a pod that just began stores, counts as nothing."""
    node = document["node"]
    images = (node.get("runtime") or {}).get("imageFs")
    pods = tuple(_pod(pod) for pod in document.get("pods") or ())
    return Summary(FileSystem.of(node.get("fs")), FileSystem.of(images), pods)


def _pod(pod: Mapping[str, Any]) -> PodStorage:
    claims = {(each.get("pvcRef") or {}).get("name"): each for each in pod.get("volume") or ()}
    return PodStorage(
        pod["podRef"]["uid"],
        _used(pod.get("ephemeral-storage")),
        {each["name"]: _used(each.get("rootfs")) + _used(each.get("logs")) for each in pod.get("containers") or ()},
        {claim: FileSystem.of(each) for claim, each in claims.items() if claim},
    )


def _used(told: Mapping[str, Any] | None) -> float:
    return float((told or {}).get("usedBytes") or 0)


def _taken(free: float | None, whole: float | None) -> float | None:
    left = share(free, whole)
    return None if left is None else 1.0 - left
