"""Pods and their containers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve

from causely_core.host import claims, workloads
from causely_core.model import Entity, EntityType, Relation, RelationType, entity_id
from causely_plugin_kubernetes.fragments.fragment import (
    Fragment,
    Object,
    fragment_of,
    given,
    marks,
    part_of,
    workload_id,
)
from causely_plugin_kubernetes.fragments.running import pod_aliases, runs
from causely_plugin_kubernetes.fragments.storage import disk_id
from causely_plugin_kubernetes.fragments.workloads import KINDS


def pod(found: Object) -> Fragment:
    """A Pod with its containers. One that has ended is nothing any more."""
    about, spec = found["metadata"], found.get("spec") or {}
    if (found.get("status") or {}).get("phase") in ("Succeeded", "Failed"):
        return fragment_of(found)
    within, name = about["namespace"], about["name"]
    owners = tuple(workloads(about))
    described = given({"k8s.pod.uid": about.get("uid", "")}) | marks(found)
    itself = Entity.of(EntityType.POD, f"{within}/{name}", name, described)
    containers = tuple(_containers(within, name, spec))
    relations = [part_of(itself, within)]
    relations += [Relation(each.id, RelationType.PART_OF, itself.id) for each in containers]
    relations += _stores(found)
    if spec.get("nodeName"):
        relations.append(Relation(itself.id, RelationType.RUNS_ON, entity_id(EntityType.NODE, spec["nodeName"])))
    above = [workload_id(within, *each) for each in owners]
    if above:
        relations.append(Relation(itself.id, RelationType.OWNED_BY, above[-1]))
    relations += pod_aliases(found)
    fragment = fragment_of(found, (itself, *containers, *_strangers(within, owners)), relations, owners=above)
    alone = fragment.entities and not any(kind in KINDS for kind, _ in owners)
    return evolve(fragment, runs=runs(within, found)) if alone else fragment


def _stores(found: Object) -> Iterator[Relation]:
    """What its containers can write to, by claims, as the agent tells it too."""
    pod = f"{found['metadata']['namespace']}/{found['metadata']['name']}"
    for claim, writers in claims(found).items():
        disk = disk_id(found["metadata"]["namespace"], claim)
        for writer in writers:
            yield Relation(entity_id(EntityType.CONTAINER, f"{pod}/{writer}"), RelationType.STORES_ON, disk)


def _strangers(within: str, owners: Iterable[tuple[str, str]]) -> Iterator[Entity]:
    """Owners of kinds that are not followed, such as those of operators: their pods are all that tells of them."""
    for kind, name in owners:
        if kind not in KINDS:
            yield Entity.of(EntityType.WORKLOAD, f"{within}/{kind}/{name}", name, {"k8s.workload.kind": kind})


def _containers(within: str, name: str, spec: Object) -> Iterator[Entity]:
    """Those that are there as long as the pod is: init containers that run on are sidecars (KEP-753)."""
    sidecars = [each for each in spec.get("initContainers") or () if each.get("restartPolicy") == "Always"]
    for each in (*sidecars, *(spec.get("containers") or ())):
        described = given({"container.name": each["name"], "container.image.name": each.get("image", "")})
        yield Entity.of(EntityType.CONTAINER, f"{within}/{name}/{each['name']}", each["name"], described)
