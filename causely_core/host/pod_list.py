"""The kubelet's answer to ``/pods``, a Kubernetes PodList."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from causely_core.host.pods import ContainerInfo, PodInfo

_STATUSES = ("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses")
_SERVICE_NAME = "resource.opentelemetry.io/service.name"
_CONFIG_HASH = "kubernetes.io/config.hash"
_MAIN = "kubectl.kubernetes.io/default-container"
_UNITS = {"n": 1e-9, "u": 1e-6, "m": 1e-3, "k": 1e3}
_SCHEDULED = re.compile(r"-\d{8,}$")


def parse_pods(document: Mapping[str, Any]) -> Iterator[PodInfo]:
    """The pods of a PodList; a pod without name or UID is left out.

    A pod that the kubelet has from a file is known by the hash of that file.
    """
    for pod in document.get("items") or ():
        about = pod.get("metadata") or {}
        uid = (about.get("annotations") or {}).get(_CONFIG_HASH) or about.get("uid")
        if uid and about.get("name"):
            workloads = tuple(_workloads(about))
            containers = {each.id: each for each in _containers(pod, _service(pod, workloads))}
            yield PodInfo(uid, about.get("namespace") or "default", about["name"], workloads, containers)


def _workloads(about: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The owners, outermost first: those of a ReplicaSet or a Job are told by the name that they gave it."""
    for reference in about.get("ownerReferences") or ():
        kind, name = reference.get("kind", ""), reference.get("name", "")
        hash = (about.get("labels") or {}).get("pod-template-hash")
        if kind == "ReplicaSet" and hash and name.endswith(f"-{hash}"):
            yield "Deployment", name.removesuffix(f"-{hash}")
            continue
        if kind == "Job" and _SCHEDULED.search(name):
            yield "CronJob", _SCHEDULED.sub("", name)
        if reference.get("controller") and kind != "Node":
            yield kind, name


def _service(pod: Mapping[str, Any], workloads: tuple[tuple[str, str], ...]) -> str:
    """What OpenTelemetry's operator would call it: by annotation, by workload, by pod."""
    about = pod["metadata"]
    told = (about.get("annotations") or {}).get(_SERVICE_NAME)
    node = (pod.get("spec") or {}).get("nodeName") or ""
    alone: str = about["name"].removesuffix(f"-{node}") if node else about["name"]
    return told or (workloads[0][1] if workloads else alone)


def _containers(pod: Mapping[str, Any], service: str) -> Iterator[ContainerInfo]:
    """Those that have an id. The main one is the pod's service; the others are services beside it."""
    main, requested = _main(pod), _requested(pod)
    status = pod.get("status") or {}
    for each in (each for kind in _STATUSES for each in status.get(kind) or ()):
        id, name = str(each.get("containerID") or "").rpartition("://")[2], each.get("name") or ""
        if id and name:
            called = service if name == main else f"{service}-{name}"
            restarts, wanted = int(each.get("restartCount") or 0), requested.get(name, 0.0)
            yield ContainerInfo(id, name, each.get("image") or "", called, restarts, _killed(each), wanted)


def _killed(status: Mapping[str, Any]) -> float:
    """When the instance before this one, or this one, was killed for want of memory."""
    states = (status.get(state) or {} for state in ("state", "lastState"))
    ended = (state.get("terminated") or {} for state in states)
    times = (each["finishedAt"] for each in ended if each.get("reason") == "OOMKilled" and each.get("finishedAt"))
    return max((datetime.fromisoformat(time).timestamp() for time in times), default=0.0)


def _requested(pod: Mapping[str, Any]) -> dict[str, float]:
    """Processors that each container has requested, of those that have."""
    wanted = {
        each.get("name") or "": ((each.get("resources") or {}).get("requests") or {}).get("cpu")
        for each in (pod.get("spec") or {}).get("containers") or ()
    }
    return {name: cores(str(quantity)) for name, quantity in wanted.items() if quantity}


def cores(quantity: str) -> float:
    """A quantity of Kubernetes' of processors: ``2``, ``0.5`` or ``500m``.

    Raises:
        ValueError: it is no quantity.
    """
    unit = _UNITS.get(quantity[-1:])
    return float(quantity) if unit is None else float(quantity[:-1]) * unit


def _main(pod: Mapping[str, Any]) -> str:
    names = [each.get("name") or "" for each in (pod.get("spec") or {}).get("containers") or ()]
    told = (pod["metadata"].get("annotations") or {}).get(_MAIN)
    return told if told in names else (names or [""])[0]
