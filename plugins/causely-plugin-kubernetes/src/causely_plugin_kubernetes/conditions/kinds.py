"""The resources whose objects tell how entities are."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from causely_core.kubernetes import Resource
from causely_plugin_kubernetes.conditions.autoscalers import autoscaler
from causely_plugin_kubernetes.conditions.claims import claim
from causely_plugin_kubernetes.conditions.events import WARNINGS, event
from causely_plugin_kubernetes.conditions.namespaces import namespace, resource_quota
from causely_plugin_kubernetes.conditions.nodes import node
from causely_plugin_kubernetes.conditions.pods import pod
from causely_plugin_kubernetes.conditions.reading import Object
from causely_plugin_kubernetes.conditions.told import Told
from causely_plugin_kubernetes.conditions.workloads import (
    config_map,
    cron_job,
    daemon_set,
    deployment,
    job,
    replica_set,
    service,
    stateful_set,
)

CONFIG_MAPS, EVENTS = (Resource("", "v1", plural) for plural in ("configmaps", "events"))

TOLD: Mapping[Resource, Callable[[Object], Told]] = {
    Resource("", "v1", "namespaces"): namespace,
    Resource("", "v1", "nodes"): node,
    Resource("", "v1", "pods"): pod,
    Resource("", "v1", "persistentvolumeclaims"): claim,
    Resource("", "v1", "resourcequotas"): resource_quota,
    Resource("", "v1", "services"): service,
    EVENTS: event,
    CONFIG_MAPS: config_map,
    Resource("apps", "v1", "deployments"): deployment,
    Resource("apps", "v1", "statefulsets"): stateful_set,
    Resource("apps", "v1", "daemonsets"): daemon_set,
    Resource("apps", "v1", "replicasets"): replica_set,
    Resource("batch", "v1", "cronjobs"): cron_job,
    Resource("batch", "v1", "jobs"): job,
    Resource("autoscaling", "v2", "horizontalpodautoscalers"): autoscaler,
}
"""All of them, and what their objects tell."""

FIELDS: Mapping[Resource, str] = {EVENTS: WARNINGS}
"""What selects the objects of resources of which not all are of interest."""
