"""The kubelet's answer to ``/pods``, a Kubernetes PodList."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from causely_core.host.pods import ContainerInfo, PodInfo

_STATUSES = ("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses")
_SERVICE_NAME = "resource.opentelemetry.io/service.name"
_CONFIG_HASH = "kubernetes.io/config.hash"
_MAIN = "kubectl.kubernetes.io/default-container"
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
    main = _main(pod)
    status = pod.get("status") or {}
    for each in (each for kind in _STATUSES for each in status.get(kind) or ()):
        id, name = str(each.get("containerID") or "").rpartition("://")[2], each.get("name") or ""
        if id and name:
            called = service if name == main else f"{service}-{name}"
            yield ContainerInfo(id, name, each.get("image") or "", called, int(each.get("restartCount") or 0))


def _main(pod: Mapping[str, Any]) -> str:
    names = [each.get("name") or "" for each in (pod.get("spec") or {}).get("containers") or ()]
    told = (pod["metadata"].get("annotations") or {}).get(_MAIN)
    return told if told in names else (names or [""])[0]
