"""Detectors of the attributes that only this plugin has. Pure."""

from __future__ import annotations

from causely_core.hookspecs import SymptomDetector
from causely_core.judging import GrowthDetector, above, unusual

_LIMITS = {
    "capacity": ("CapacityUtilization_High", "azure.capacity_utilization", 0.9, 1.0),
    "workers": ("Workers_High", "azure.worker_utilization", 0.9, 1.0),
    "log-writes": ("LogWrites_High", "azure.log_write_utilization", 0.9, 1.0),
    "deadlocks": ("Deadlocks_High", "azure.deadlock_rate", 0.03, 1.0),
    "logins": ("LoginFailures_High", "azure.login_failure_rate", 0.5, 10.0),
    "http-queue": ("HTTPQueue_High", "azure.http_queue_length", 20.0, 200.0),
    "machine-credits": ("MachineCredits_Exhausted", "azure.credits_exhausted", 0.5, 1.0),
    "api-server-cpu": ("APIServerCPU_High", "azure.api_server_cpu_utilization", 0.9, 1.0),
    "etcd": ("Etcd_High", "azure.etcd_utilization", 0.9, 1.0),
    "resource-health": ("ResourceHealth_Bad", "azure.unavailable", 0.4, 1.0),
    "service-issue": ("ServiceIssue_Reported", "azure.service_issue", 0.5, 1.0),
}
"""Symptom, attribute, limit, and where it is as bad as it gets."""


def detectors() -> tuple[SymptomDetector, ...]:
    """One a symptom."""
    return (
        *(above(f"azure-{name}", *about) for name, about in _LIMITS.items()),
        unusual("azure-mean-latency", "MeanLatency_High", "azure.request_duration", 0.3, 3.0, 5.0),
        GrowthDetector("azure-dead-letters", "DeadLetters_Growing", "azure.dead_letters", floor=5.0, ratio=0.05),
    )
