"""Services of pods: what runs in a container is one service, by a name that all who look at it find.

It depends on nothing but what is written in Kubernetes, so that it stays when telemetry comes and goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from causely_core.host.declared import parse_environment
from causely_core.host.naming import tidy

_SERVICE_NAME = "resource.opentelemetry.io/service.name"
_MAIN = "kubectl.kubernetes.io/default-container"
_SCHEDULED = re.compile(r"-\d{8,}$")
_HASHES = {"pod-template-hash": "Deployment", "rollouts-pod-template-hash": "Rollout"}
"""Labels that tell what is added to the name of a ReplicaSet, and by whom."""
_CONTAINERS = ("containers", "initContainers", "ephemeralContainers")

Object = Mapping[str, Any]


def services_of(pod: Object, owner: str = "") -> dict[str, str]:
    """The name of the service that each container is, the main container first.

    In this order: OpenTelemetry's variables in the container's specification; for the main container, OpenTelemetry's
    annotation of the pod, the outermost workload, the pod; for others, the main one's name and their own.

    Args:
        pod: as the API has it, or the template of a workload's pods.
        owner: name of the workload that has the template.
    """
    main, declared = main_of(pod), {each["name"]: _declared(each) for each in _specified(pod)}
    called = declared.pop(main, "") or tidy(_called(pod, owner))
    return {main: called} | {name: told or tidy(f"{called}-{name}") for name, told in declared.items()}


def workloads(about: Object) -> Iterator[tuple[str, str]]:
    """Kind and name of the owners that the metadata of an object tells, outermost first.

    Those of a ReplicaSet or a Job are told by the name that they gave it.
    """
    labels = about.get("labels") or {}
    for reference in about.get("ownerReferences") or ():
        kind, name = reference.get("kind", ""), reference.get("name", "")
        label, above = next((each for each in _HASHES.items() if each[0] in labels), ("", ""))
        if kind == "ReplicaSet" and label and name.endswith(f"-{labels[label]}"):
            yield above, name.removesuffix(f"-{labels[label]}")
            continue
        if kind == "Job" and _SCHEDULED.search(name):
            yield "CronJob", _SCHEDULED.sub("", name)
        if reference.get("controller") and kind != "Node":
            yield kind, name


def main_of(pod: Object) -> str:
    """The name of the container that a pod is about: by annotation, or else the first."""
    names = [each.get("name") or "" for each in (pod.get("spec") or {}).get("containers") or ()]
    told = ((pod.get("metadata") or {}).get("annotations") or {}).get(_MAIN)
    return told if told in names else (names or [""])[0]


def _called(pod: Object, owner: str = "") -> str:
    """What the pod is called by annotation, by workload or, where it has none, by its name without its node's."""
    about = pod.get("metadata") or {}
    told = (about.get("annotations") or {}).get(_SERVICE_NAME) or owner
    if told:
        return str(told)
    node, alone = (pod.get("spec") or {}).get("nodeName") or "", str(about.get("name") or "")
    return next((name for _, name in workloads(about)), alone.removesuffix(f"-{node}") if node else alone)


def _specified(pod: Object) -> Iterator[Object]:
    spec = pod.get("spec") or {}
    return (each for kind in _CONTAINERS for each in spec.get(kind) or () if each.get("name"))


def _declared(container: Object) -> str:
    """By variables; one that refers to others is not known before the container runs."""
    set = (f"{each.get('name')}={each.get('value') or ''}" for each in container.get("env") or ())
    return tidy(parse_environment("\0".join(each for each in set if "$(" not in each).encode()).service)
