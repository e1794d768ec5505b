"""Which version of itself an object is: digests of what people have written, to be compared and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any, TypeAlias

from attrs import frozen

from causely_core.model import EntityId, EntityType, entity_id
from causely_plugin_kubernetes.conditions.reading import Object
from causely_plugin_kubernetes.fragments.running import runs
from causely_plugin_kubernetes.fragments.workloads import template_of


@frozen
class WorkloadVersion:
    """Of a workload.

    Attributes:
        workload: it.
        within: its namespace.
        generation: which the API server counts up when anybody writes what is wanted; 0 when it is not told.
        digest: of the template of its pods, with images and annotations such as ``checksum/config``.
        labels: of its pods.
        configs: names of the ConfigMaps that its pods read.
        called: the service that its pods are, as agents call them.
    """

    workload: EntityId
    within: str
    generation: int
    digest: bytes
    labels: frozenset[tuple[str, str]]
    configs: frozenset[str]
    called: EntityId


@frozen
class Selection:
    """Of a Service: which pods it selects.

    Attributes:
        service: it.
        within: its namespace.
        labels: that pods must have; none for a Service that selects nothing by itself.
    """

    service: EntityId
    within: str
    labels: frozenset[tuple[str, str]]


@frozen
class Configuration:
    """Of a ConfigMap.

    Attributes:
        within: its namespace.
        name: its name.
        digest: of its data.
    """

    within: str
    name: str
    digest: bytes


Version: TypeAlias = WorkloadVersion | Selection | Configuration


def workload_version(kind: str, found: Object) -> WorkloadVersion:
    """Of a Deployment, a StatefulSet, ...; how many replicas it has is no part of it, so that scaling is no change."""
    about, template = found["metadata"], template_of(found)
    within, name = about["namespace"], about["name"]
    made = runs(within, template, name)
    return WorkloadVersion(
        entity_id(EntityType.WORKLOAD, f"{within}/{kind}/{name}"),
        within,
        int(about.get("generation") or 0),
        digest(template),
        made.labels,
        frozenset(_configs(template.get("spec") or {})),
        made.service,
    )


def selection(found: Object) -> Selection:
    """Of a Service."""
    about, labels = found["metadata"], (found.get("spec") or {}).get("selector") or {}
    id = entity_id(EntityType.SERVICE, f"{about['namespace']}/{about['name']}")
    return Selection(id, about["namespace"], frozenset(labels.items()))


def configuration(found: Object) -> Configuration:
    """Of a ConfigMap; what is in it is kept nowhere."""
    about = found["metadata"]
    data = {name: found.get(name) or {} for name in ("data", "binaryData")}
    return Configuration(about["namespace"], about["name"], digest(data))


def digest(of: Mapping[str, Any]) -> bytes:
    """The same for what is the same."""
    return blake2b(json.dumps(of, sort_keys=True).encode(), digest_size=16).digest()


def _configs(spec: Object) -> Iterator[str]:
    """Names of ConfigMaps that volumes and environments refer to."""
    for volume in spec.get("volumes") or ():
        projected = (volume.get("projected") or {}).get("sources") or ()
        yield from _names(volume.get("configMap"), *(source.get("configMap") for source in projected))
    for container in (*(spec.get("initContainers") or ()), *(spec.get("containers") or ())):
        yield from _names(*(each.get("configMapRef") for each in container.get("envFrom") or ()))
        sources = ((each.get("valueFrom") or {}) for each in container.get("env") or ())
        yield from _names(*(source.get("configMapKeyRef") for source in sources))


def _names(*references: Object | None) -> Iterator[str]:
    return (reference["name"] for reference in references if reference and reference.get("name"))
