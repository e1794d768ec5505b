"""The resources whose objects say what there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from causely_core.kubernetes import Resource
from causely_plugin_kubernetes.fragments.budgets import disruption_budget
from causely_plugin_kubernetes.fragments.cluster import namespace, node
from causely_plugin_kubernetes.fragments.fragment import Fragment, Object
from causely_plugin_kubernetes.fragments.kafka import kafka, kafka_topic
from causely_plugin_kubernetes.fragments.pods import pod
from causely_plugin_kubernetes.fragments.routes import gateway, gateway_route, ingress, virtual_service
from causely_plugin_kubernetes.fragments.scaling import autoscaler
from causely_plugin_kubernetes.fragments.services import endpoint_slice, service
from causely_plugin_kubernetes.fragments.storage import claim, volume
from causely_plugin_kubernetes.fragments.workloads import workload

FRAGMENTS: Mapping[Resource, Callable[[Object], Fragment]] = {
    Resource("", "v1", "namespaces"): namespace,
    Resource("", "v1", "nodes"): node,
    Resource("apps", "v1", "deployments"): workload("Deployment"),
    Resource("apps", "v1", "statefulsets"): workload("StatefulSet"),
    Resource("apps", "v1", "daemonsets"): workload("DaemonSet"),
    Resource("apps", "v1", "replicasets"): workload("ReplicaSet"),
    Resource("batch", "v1", "cronjobs"): workload("CronJob"),
    Resource("batch", "v1", "jobs"): workload("Job"),
    Resource("", "v1", "pods"): pod,
    Resource("", "v1", "services"): service,
    Resource("discovery.k8s.io", "v1", "endpointslices"): endpoint_slice,
    Resource("", "v1", "persistentvolumeclaims"): claim,
    Resource("", "v1", "persistentvolumes"): volume,
    Resource("autoscaling", "v2", "horizontalpodautoscalers"): autoscaler,
    Resource("policy", "v1", "poddisruptionbudgets"): disruption_budget,
    Resource("networking.k8s.io", "v1", "ingresses"): ingress,
    Resource("gateway.networking.k8s.io", "v1", "gateways", ("v1beta1",)): gateway,
    Resource("gateway.networking.k8s.io", "v1", "httproutes", ("v1beta1",)): gateway_route,
    Resource("gateway.networking.k8s.io", "v1", "grpcroutes"): gateway_route,
    Resource("networking.istio.io", "v1", "virtualservices", ("v1beta1", "v1alpha3")): virtual_service,
    Resource("kafka.strimzi.io", "v1", "kafkas", ("v1beta2",)): kafka,
    Resource("kafka.strimzi.io", "v1", "kafkatopics", ("v1beta2",)): kafka_topic,
}
"""All resources that are followed, and what their objects say."""
