"""The detectors of docs/attributes.md with their tuned defaults; docs/detection.md gives the reasons."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from causely_core.detection.error_rate_detector import ErrorRateDetector
from causely_core.detection.growth_detector import GrowthDetector
from causely_core.detection.hysteresis import Hysteresis
from causely_core.detection.threshold_detector import ThresholdDetector
from causely_core.detection.thresholds import Learning, Thresholds

if TYPE_CHECKING:
    from causely_core.detection.detector import SymptomDetector

LATENCY_LABEL = "causely.io/latency-threshold"
"""Entity attribute: a latency threshold in milliseconds."""
ERROR_RATE_LABEL = "causely.io/error-rate-threshold"
"""Entity attribute: an error share, 0..1."""

_MIB = 2.0**20
# A hiccup of a busy machine adds 0.1 to 0.2 s to one or two samples, and two may come close to each other:
# four of five outlive them; what is slower by more than a hiccup need not wait for as long.
_PATIENT = Hysteresis(breaches=4, samples=5, calm=3, strong_breaches=3, strong_margin=0.3)
_STEADY = Hysteresis(breaches=3, samples=4, calm=3)
_SUSTAINED = Hysteresis(breaches=3, samples=3, calm=3)
_ADOPT = 900.0  # longer than the window: by then the window holds nothing but the new level
_BUSY = 1.2  # a processor that is used up is no fault by itself, unlike memory or a disk
_SURGE = Thresholds(learning=Learning(2.0, 6.0, 5.0, min_samples=15))  # many a system is sized for twice its load
_HALF = 0.5  # between the 0 and the 1 of what is so or not, and of what is counted from 0

_NEARLY_USED_UP = (
    ("file-descriptors", "FileDescriptorUtilization_High", "file_descriptor_utilization", 0.9),
    ("listen-queue", "ListenQueue_High", "listen_queue_utilization", 0.9),
    ("heap", "HeapUtilization_High", "heap_utilization", 0.9),
    ("cache-pool", "CachePoolUtilization_High", "cache_pool.utilization", 0.95),
    ("threads-per-cpu", "ThreadsPerCPU_High", "threads_per_cpu", 2.0),
    ("cpu-throttling", "CPUThrottling_High", "cpu_throttled_share", 0.25),
    ("cpu-requests", "CPURequestUtilization_High", "cpu_request_utilization", 1.5),
    ("ephemeral-storage", "EphemeralStorage_High", "ephemeral_storage_utilization", 0.9),
    ("disk-iops", "DiskIOPS_High", "disk_iops_utilization", 0.9),
    ("disk-throughput", "DiskThroughput_High", "disk_throughput_utilization", 0.9),
    ("inodes", "Inodes_High", "inode_utilization", 0.9),
    ("conntrack", "Conntrack_High", "conntrack_utilization", 0.9),
    ("snat-ports", "SNATPorts_High", "snat_port_utilization", 0.9),
    ("pids", "PIDs_High", "pid_utilization", 0.9),
    ("connections", "ConnectionsUtilization_High", "connection_utilization", 0.9),
    ("resource-quota", "ResourceQuota_High", "resource_quota_utilization", 0.95),
)
"""Detector, symptom, attribute and threshold: what fails or queues when the last bit of it is gone."""

_STATES = (
    ("certificate", "Certificate_Expired", "certificate_validity_used", 1.0),
    ("readiness", "Readiness_Low", "not_ready", _HALF),
    ("probe", "Probe_Failing", "probe_failure_rate", _HALF),
    ("image-pull", "ImagePull_Failing", "image_pull_failing", _HALF),
    ("crashes", "Crashes_High", "crash_count", _HALF),
    ("oom-kills", "OOMKills_High", "oom_kill_count", _HALF),
    ("restarts", "Restarts_High", "restart_count", 1.5),
    ("pod-evictions", "PodEvictions_High", "pod_eviction_count", _HALF),
    ("unschedulable", "Pods_Unschedulable", "unschedulable_pods", _HALF),
    ("replicas", "Replicas_Unavailable", "replicas_unavailable_share", 0.2),
    ("rollout", "Rollout_Stalled", "rollout_stalled", _HALF),
    ("hpa", "HPA_AtMax", "hpa_at_max", _HALF),
    ("autoscaling", "Replicas_Scaled", "autoscaling_count", _HALF),
    ("cordon", "Node_Cordoned", "cordoned", _HALF),
    ("drain", "Pods_Drained", "drained_pod_count", _HALF),
    ("jobs", "Jobs_Failing", "failed_job_count", _HALF),
    ("memory-condition", "MemoryPressure_Reported", "memory_pressure_condition", _HALF),
    ("disk-condition", "DiskPressure_Reported", "disk_pressure_condition", _HALF),
    ("pid-condition", "PIDPressure_Reported", "pid_pressure_condition", _HALF),
    ("volume-mounts", "VolumeMount_Failing", "volume_mount_failing", _HALF),
    ("claims", "Claim_Pending", "claim_pending", _HALF),
    ("unhealthy-targets", "UnhealthyTargets_High", "unhealthy_target_share", 0.2),
    ("partition-leaders", "PartitionsWithoutLeader_High", "partitions_without_leader", _HALF),
)
"""Detector, symptom, attribute and threshold: what Kubernetes, a broker or a load balancer says is wrong."""


def builtin_detectors() -> tuple[SymptomDetector, ...]:
    """One detector a symptom; a fresh tuple of frozen objects."""
    return (
        *_latencies(),
        *_failures(),
        *_loads(),
        *_utilizations(),
        *_growths(),
        *_waits(),
        *_shares(),
        *_rates(),
        *(_fixed(*each) for each in (*_NEARLY_USED_UP, *_STATES)),
        # A change is no trouble by itself, so that it is never as severe as what is.
        ThresholdDetector("change", "Deployment_Changed", "change", Thresholds(_HALF), _SUSTAINED),
    )


def _latencies() -> tuple[SymptomDetector, ...]:
    return (
        _latency("request-latency", "RequestLatency_High", "request_duration.p95", LATENCY_LABEL),
        _latency("self-time", "SelfTime_High", "request_duration.self"),
        _latency("read-latency", "ReadLatency_High", "read_duration.p95"),
        _latency("write-latency", "WriteLatency_High", "write_duration.p95"),
        _latency("processing-latency", "ProcessingLatency_High", "process_duration.p95"),
        _latency("processing-self-time", "ProcessingSelfTime_High", "process_duration.self"),
        _learned("message-age", "MessageAge_High", "message_age.p95", 5.0, Learning(2.0, 6.0, 1.0)),
        _learned(
            "pool-wait",
            "ConnectionPoolWait_High",
            "connection_pool.wait.p95",
            0.2,
            Learning(2.0, 6.0, 0.1),
            _PATIENT,
        ),
        _learned("gc-pause", "GarbageCollection_High", "gc_duration.p95", 0.5, Learning(3.0, 8.0, 0.1), _PATIENT),
    )


def _failures() -> tuple[SymptomDetector, ...]:
    return (
        ErrorRateDetector(
            "error-rate",
            "RequestErrorRate_High",
            "error_rate",
            "request_count",
            Thresholds(0.05, label=ERROR_RATE_LABEL),
        ),
        _share("self-errors", "SelfErrors_High", "error_rate.self"),
        ErrorRateDetector("reachability", "Reachability_Low", "unreachable_rate", "call_count", Thresholds(0.05)),
        _learned("error-logs", "ErrorLogs_High", "error_log_rate", 1.0, Learning(3.0, 8.0, 0.3)),
    )


def _loads() -> tuple[SymptomDetector, ...]:
    rows = Thresholds(learning=Learning(3.0, 8.0, 1000.0, min_samples=15))
    descriptors = Thresholds(learning=Learning(3.0, 8.0, 200.0))
    return (
        ThresholdDetector("request-rate", "RequestRate_High", "request_rate", _SURGE, _STEADY, _ADOPT),
        ThresholdDetector("publish-rate", "PublishRate_High", "publish_rate", _SURGE, _STEADY, _ADOPT),
        ThresholdDetector("rows-read", "RowsRead_High", "rows_read_rate", rows, _STEADY, _ADOPT),
        ThresholdDetector("open-files", "OpenFileDescriptors_High", "open_file_descriptors", descriptors, _SUSTAINED),
    )


def _utilizations() -> tuple[SymptomDetector, ...]:
    busy = Learning(2.0, 6.0, 0.2, least=0.5, ceiling=0.95)
    return (
        ThresholdDetector(
            "cpu", "CPUUtilization_High", "cpu_utilization", Thresholds(0.85, busy), _SUSTAINED, full=_BUSY
        ),
        _learned("cpu-usage", "CPUUsage_High", "cpu_usage", math.inf, Learning(2.5, 6.0, 0.05)),
        _fixed("memory", "MemoryUtilization_High", "memory_utilization", 0.9),
        _fixed("disk", "DiskUtilization_High", "disk_utilization", 0.9),
        _fixed("pool", "ConnectionPoolUtilization_High", "connection_pool.utilization", 0.95),
    )


def _growths() -> tuple[SymptomDetector, ...]:
    return (
        GrowthDetector("memory-growth", "MemoryUsage_Growing", "memory_usage", 48.0 * _MIB, 0.1, 8, agreement=0.75),
        GrowthDetector("backlog-growth", "Backlog_Growing", "backlog", 8.0, 1.0, strides=(1,)),
    )


def _waits() -> tuple[SymptomDetector, ...]:
    busy = Learning(3.0, 6.0, 0.05, least=0.1)
    behind = Learning(3.0, 6.0, 5.0)
    return (
        _latency("client-latency", "ClientRequestLatency_High", "client_request_duration.p95"),
        _latency("database-call-latency", "DatabaseCallLatency_High", "db_client_duration.p95"),
        _latency("api-server-latency", "APIServerLatency_High", "api_server_duration.p95"),
        _learned(
            "scheduling-latency", "SchedulingLatency_High", "scheduling_duration.p95", 5.0, Learning(3.0, 6.0, 1.0)
        ),
        _learned("dns-latency", "DNSLatency_High", "dns_duration.p95", 0.2, Learning(3.0, 6.0, 0.03), _PATIENT),
        _learned("disk-latency", "DiskIOLatency_High", "disk_io_duration.p95", 0.1, Learning(3.0, 6.0, 0.02), _PATIENT),
        _learned(
            "cache-pool-wait", "CachePoolWait_High", "cache_pool.wait.p95", 0.2, Learning(2.0, 6.0, 0.1), _PATIENT
        ),
        _learned("lock-wait", "LockWait_High", "lock_wait_share", 0.3, busy),
        _learned("cpu-pressure", "CPUPressure_High", "cpu_pressure", 0.3, busy),
        _learned("gc-time", "GarbageCollectionTime_High", "gc_time_share", 0.2, Learning(3.0, 6.0, 0.05)),
        _learned("memory-pressure", "MemoryPressure_High", "memory_pressure", 0.2, busy),
        _learned("replication-lag", "ReplicationLag_High", "replication_lag", 30.0, behind),
        _learned("consumer-lag", "ConsumerLag_High", "consumer_lag", 60.0, behind),
    )


def _shares() -> tuple[SymptomDetector, ...]:
    return (
        _share("client-errors", "ClientRequestErrorRate_High", "client_error_rate", "client_request_count"),
        _share("throttled", "Throttled_High", "throttled_rate"),
        _share("unauthorized", "Unauthorized_High", "unauthorized_rate"),
        _share("unrouted", "Unrouted_High", "unrouted_rate"),
        _share("dns-errors", "DNSErrorRate_High", "dns_error_rate", "dns_query_count"),
        _share("api-server-errors", "APIServerErrors_High", "api_server_error_rate"),
        _share("connection-failures", "ConnectionFailures_High", "connection_failure_rate", "connection_count"),
        _learned("cache-misses", "CacheMisses_High", "cache_miss_rate", 0.9, Learning(2.0, 6.0, 0.1)),
        _learned("packet-loss", "PacketLoss_High", "packet_loss", 0.02, Learning(3.0, 8.0, 0.01)),
        _learned("retransmits", "Retransmits_High", "retransmit_rate", 0.05, Learning(3.0, 8.0, 0.02)),
    )


def _rates() -> tuple[SymptomDetector, ...]:
    return (
        ThresholdDetector(
            "client-request-rate", "ClientRequestRate_High", "client_request_rate", _SURGE, _STEADY, _ADOPT
        ),
        ThresholdDetector("dns-query-rate", "DNSQueryRate_High", "dns_query_rate", _SURGE, _STEADY, _ADOPT),
        _learned("exceptions", "UnhandledExceptions_High", "unhandled_exception_rate", 1.0, Learning(3.0, 8.0, 0.3)),
        _learned("cache-evictions", "Evictions_High", "eviction_rate", math.inf, Learning(3.0, 8.0, 5.0)),
        _learned("page-faults", "MajorPageFaults_High", "major_page_fault_rate", math.inf, Learning(3.0, 8.0, 5.0)),
        _learned("rebalances", "Rebalances_High", "rebalance_rate", 0.1, Learning(3.0, 8.0, 0.02)),
        _learned("disk-errors", "DiskErrors_High", "disk_error_rate", 0.5, Learning(3.0, 8.0, 0.1)),
    )


def _share(name: str, symptom: str, attribute: str, count: str = "request_count") -> ErrorRateDetector:
    return ErrorRateDetector(name, symptom, attribute, count, Thresholds(0.05))


def _latency(name: str, symptom: str, attribute: str, label: str = "") -> ThresholdDetector:
    learning = Learning(ratio=2.0, spreads=6.0, floor=0.05)
    return ThresholdDetector(name, symptom, attribute, Thresholds(1.0, learning, label, 0.001), _PATIENT)


def _learned(
    name: str, symptom: str, attribute: str, default: float, learning: Learning, over: Hysteresis = _STEADY
) -> ThresholdDetector:
    return ThresholdDetector(name, symptom, attribute, Thresholds(default, learning), over)


def _fixed(name: str, symptom: str, attribute: str, threshold: float) -> ThresholdDetector:
    full = 1.0 if threshold < 1.0 else math.inf
    return ThresholdDetector(name, symptom, attribute, Thresholds(threshold), _SUSTAINED, full=full)
