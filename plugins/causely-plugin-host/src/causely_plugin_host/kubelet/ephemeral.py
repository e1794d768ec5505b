"""How much of their ephemeral storage containers use."""

from __future__ import annotations

from collections.abc import Iterator

from causely_core.host import PodInfo
from causely_plugin_host.counters import share
from causely_plugin_host.kubelet.summary import PodStorage
from causely_plugin_host.machine_values import Value

_RESOURCE = "ephemeral-storage"


def ephemeral_shares(pod: PodInfo, stored: PodStorage, capacity: float | None) -> Iterator[tuple[str, Value]]:
    """Name and attribute of each container that runs.

    The kubelet evicts a pod when one container is above its limit, and when all of the pod, with the volumes that end
    with it, is above all limits together: the worse of the two is told. Without a limit it is by the node's capacity.

    Args:
        pod: with the limits.
        stored: by it.
        capacity: bytes of the file system where the node has its ephemeral storage.
    """
    limits = {each.name: each.limits.get(_RESOURCE) for each in pod.containers.values() if each.running}
    together = sum(limit or 0.0 for limit in limits.values()) if all(limits.values()) else None
    whole = share(stored.used, together)
    for name, limit in limits.items():
        own = share(stored.containers.get(name), limit or capacity)
        if own is not None:
            yield name, ("ephemeral_storage_utilization", max(own, whole or 0.0))
