"""Which series each kind of entity has, and how often a sample comes.

Counted from what ``causely run`` stored of the demo's shop, and from the Kubernetes plugin's conditions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from causely_core.detection import builtin_detectors
from causely_core.model import EntityType

Attributes: TypeAlias = Mapping[EntityType, tuple[str, ...]]

_REQUESTS = (
    "request_rate",
    "request_count",
    "error_rate",
    "request_duration.avg",
    "request_duration.p50",
    "request_duration.p90",
    "request_duration.p95",
    "request_duration.p99",
)
_CLIENT = ("client_request_rate", "client_request_count", "client_error_rate", "client_request_duration.p95")
_CALLED = (*_REQUESTS, "call_count", "unreachable_rate")
_DATABASE = (*_CALLED, "read_duration.p95", "write_duration.p95")

OF_HOSTS: Attributes = {
    EntityType.SERVICE: (
        *("cpu_usage", "cpu_utilization", "cpu_pressure", "memory_usage", "open_file_descriptors", "thread_count"),
        *("file_descriptor_utilization", "listen_queue_utilization", "lock_wait_share", "crash_count"),
        *("network_sent_rate", "network_received_rate", "retransmit_rate", "tcp_rtt.p50", "tcp_rtt.p95"),
    ),
    EntityType.CONTAINER: (
        *("cpu_usage", "cpu_utilization", "memory_usage", "memory_utilization", "major_page_fault_rate"),
        "oom_kill_count",
    ),
    EntityType.NODE: (
        *("cpu_utilization", "memory_usage", "memory_utilization", "memory_pressure", "disk_utilization"),
        *("open_file_descriptors", "thread_count", "pid_utilization", "conntrack_utilization", "retransmit_rate"),
        *("listen_overflow_rate", "major_page_fault_rate"),
    ),
}
"""What agents measure of machines."""

OF_REQUESTS: Attributes = {
    EntityType.SERVICE: (*_CALLED, *_CLIENT, "error_rate.self", "request_duration.self"),
    EntityType.OPERATION: _REQUESTS,
    EntityType.DATABASE: _DATABASE,
}
"""What whoever sees requests tells: agents by eBPF, the mediator by OpenTelemetry."""

OF_CONDITIONS: Attributes = {
    EntityType.CONTAINER: (
        *("restart_count", "oom_kill_count", "not_ready", "probe_failure_rate", "image_pull_failing"),
    ),
    EntityType.SERVICE: ("change",),
    EntityType.NODE: (
        *("not_ready", "cordoned", "drained_pod_count", "pod_eviction_count"),
        *("memory_pressure_condition", "disk_pressure_condition", "pid_pressure_condition"),
    ),
}
"""What the mediator tells of Kubernetes objects."""

SECONDS = {"hosts": 5.0, "requests": 2.0, "conditions": 20.0}
"""From one sample of a series to the next, as the plugins do by default."""


def watched(of: Attributes) -> Mapping[EntityType, str]:
    """The symptoms that are judged on what is measured, separated by spaces, by entity type."""
    shows = [each for detector in builtin_detectors() for each in detector.symptoms.items()]
    return {
        type: " ".join(sorted({symptom for symptom, attribute in shows if attribute in attributes}))
        for type, attributes in of.items()
    }
