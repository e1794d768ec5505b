"""Pods as the Kubernetes API tells them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from causely_core.host.pod_services import services_of, workloads
from causely_core.host.pods import ContainerInfo, PodInfo
from causely_core.kubernetes import marks

_STATUSES = ("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses")
_CONFIG_HASH = "kubernetes.io/config.hash"
_UNITS = {"n": 1e-9, "u": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18}
_BINARY = {unit: 1024.0**power for power, unit in enumerate(("Ki", "Mi", "Gi", "Ti", "Pi", "Ei"), 1)}


def pod_info(pod: Mapping[str, Any]) -> PodInfo:
    """A pod as one of the API's objects, parsed JSON.

    One that the kubelet has from a file is known by the hash of that file, as its control groups are.
    """
    about = pod["metadata"]
    uid = (about.get("annotations") or {}).get(_CONFIG_HASH) or about["uid"]
    owners = tuple(workloads(about))
    containers = {each.id: each for each in _containers(pod)}
    alike = bool((pod.get("spec") or {}).get("hostNetwork"))
    return PodInfo(uid, about["namespace"], about["name"], owners, containers, claims(pod), alike, marks(about))


def _containers(pod: Mapping[str, Any]) -> Iterator[ContainerInfo]:
    """Those that have an id."""
    services, requested, limits = services_of(pod), _resources(pod, "requests"), _resources(pod, "limits")
    status = pod.get("status") or {}
    for each in (each for kind in _STATUSES for each in status.get(kind) or ()):
        id, name = str(each.get("containerID") or "").rpartition("://")[2], each.get("name") or ""
        if id and name:
            yield ContainerInfo(
                id,
                name,
                each.get("image") or "",
                services.get(name, ""),
                restarts=int(each.get("restartCount") or 0),
                killed=_killed(each),
                requested=requested.get(name, {}).get("cpu", 0.0),
                running=bool((each.get("state") or {}).get("running")),
                limits=limits.get(name, {}),
            )


def _killed(status: Mapping[str, Any]) -> float:
    """When the instance before this one, or this one, was killed for want of memory."""
    states = (status.get(state) or {} for state in ("state", "lastState"))
    ended = (state.get("terminated") or {} for state in states)
    times = (each["finishedAt"] for each in ended if each.get("reason") == "OOMKilled" and each.get("finishedAt"))
    return max((datetime.fromisoformat(time).timestamp() for time in times), default=0.0)


def _resources(pod: Mapping[str, Any], kind: str) -> dict[str, dict[str, float]]:
    """What each container has requested, or is limited to, by the names of resources."""
    wanted = {each.get("name") or "": each.get("resources") or {} for each in _specified(pod)}
    return {
        name: {resource: quantity(str(amount)) for resource, amount in (resources.get(kind) or {}).items()}
        for name, resources in wanted.items()
    }


def claims(pod: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Persistent volume claims and the containers that can write to each."""
    volumes = {each.get("name"): _claim(pod, each) for each in (pod.get("spec") or {}).get("volumes") or ()}
    writers: dict[str, tuple[str, ...]] = {claim: () for claim in volumes.values() if claim}
    for container in _specified(pod):
        mounts = (each for each in container.get("volumeMounts") or () if not each.get("readOnly"))
        for claim in dict.fromkeys(volumes.get(mount.get("name")) for mount in mounts):
            if claim:
                writers[claim] += (container.get("name") or "",)
    return writers


def _claim(pod: Mapping[str, Any], volume: Mapping[str, Any]) -> str:
    """The claim of a volume, named or made for the pod alone; empty when it has none."""
    if volume.get("ephemeral"):
        return f"{pod['metadata']['name']}-{volume.get('name')}"
    return (volume.get("persistentVolumeClaim") or {}).get("claimName") or ""


def quantity(text: str) -> float:
    """A quantity of Kubernetes': ``2``, ``0.5`` or ``500m`` processors, ``1Gi`` or ``1e9`` bytes.

    Raises:
        ValueError: it is no quantity.
    """
    for units, length in ((_BINARY, 2), (_UNITS, 1)):
        if factor := units.get(text[-length:]):
            return float(text[:-length]) * factor
    return float(text)


def _specified(pod: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    return (pod.get("spec") or {}).get("containers") or ()
