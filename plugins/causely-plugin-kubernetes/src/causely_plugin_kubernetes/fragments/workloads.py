"""Workloads: what people write, and pods are made by."""

from __future__ import annotations

from collections.abc import Callable

from attrs import evolve

from causely_core.host import workloads
from causely_core.model import Entity, EntityType, Relation, RelationType
from causely_plugin_kubernetes.fragments.fragment import Fragment, Object, fragment_of, marks, part_of, workload_id
from causely_plugin_kubernetes.fragments.running import runs

KINDS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "CronJob", "Job")
"""Those that are followed."""


def template_of(found: Object) -> Object:
    """What a workload's pods are made from."""
    spec = found.get("spec") or {}
    spec = (spec.get("jobTemplate") or {}).get("spec") or spec
    template: Object = spec.get("template") or {}
    return template


def workload(kind: str) -> Callable[[Object], Fragment]:
    """A Deployment, a Job, ...; which of them ``kind`` tells, for lists do not."""

    def of(found: Object) -> Fragment:
        about = found["metadata"]
        owners = tuple(workloads(about))
        if kind == "ReplicaSet" and owners:  # its pods are told to be the Deployment's
            return fragment_of(found)
        within, name = about["namespace"], about["name"]
        described = {"k8s.workload.kind": kind} | marks(found)
        itself = Entity.of(EntityType.WORKLOAD, f"{within}/{kind}/{name}", name, described)
        relations, above = [part_of(itself, within)], [workload_id(within, *each) for each in owners]
        if above:
            relations.append(Relation(itself.id, RelationType.OWNED_BY, above[-1]))
        fragment = fragment_of(found, (itself,), relations, owners=above)
        # The pods of a Job that a CronJob has made are told to be the CronJob's.
        if not fragment.entities or (kind == "Job" and above):
            return fragment
        return evolve(fragment, runs=runs(within, template_of(found), name))

    return of
