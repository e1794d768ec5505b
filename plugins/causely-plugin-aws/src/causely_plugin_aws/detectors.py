"""Detectors of attributes that only this plugin has. Pure."""

from __future__ import annotations

from causely_core.judging import ThresholdDetector, above

_LIMITS = (
    ("burst-credits", "BurstCredits_Low", "burst_credits_used", 0.9, 1.0),
    ("storage-full", "Storage_Full", "storage_full", 0.5, 1.0),
    ("failover", "Failover_Seen", "failover_count", 0.5, 1.0),
    ("storage-wait", "StorageWait_High", "storage_wait_share", 0.6, 1.0),
    ("database-load", "DatabaseLoad_High", "database_load", 1.5, 10.0),
    ("instance-check", "InstanceCheck_Failing", "instance_check_failed", 0.5, 1.0),
    ("port-allocation", "PortAllocationErrors_High", "port_allocation_error_rate", 0.02, 1.0),
    ("bandwidth", "BandwidthExceeded_High", "bandwidth_exceeded_rate", 1.0, 1000.0),
    ("concurrency", "Concurrency_High", "concurrency_utilization", 0.9, 1.0),
    ("iterator-age", "IteratorAge_High", "iterator_age", 60.0, 3600.0),
    ("under-replicated", "UnderReplicated_High", "under_replicated_partitions", 0.5, 100.0),
    ("service-quota", "ServiceQuota_High", "service_quota_utilization", 0.95, 1.0),
    ("provider-issue", "ProviderIssue_Reported", "provider_issue", 0.5, 1.0),
)
"""Detector, symptom, attribute, the limit, and where it is as bad as it gets."""


def detectors() -> tuple[ThresholdDetector, ...]:
    """One a symptom."""
    return tuple(
        above(f"aws-{name}", symptom, attribute, limit, full) for name, symptom, attribute, limit, full in _LIMITS
    )
