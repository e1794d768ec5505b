"""The detectors of docs/attributes.md with their tuned defaults; docs/detection.md gives the reasons."""

from __future__ import annotations

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


def builtin_detectors() -> tuple[SymptomDetector, ...]:
    """One detector a symptom; a fresh tuple of frozen objects."""
    return (*_latencies(), *_failures(), *_loads(), *_utilizations(), *_growths())


def _latencies() -> tuple[SymptomDetector, ...]:
    return (
        _latency("request-latency", "RequestLatency_High", "request_duration.p95", LATENCY_LABEL),
        _latency("read-latency", "ReadLatency_High", "read_duration.p95"),
        _latency("write-latency", "WriteLatency_High", "write_duration.p95"),
        _latency("processing-latency", "ProcessingLatency_High", "process_duration.p95"),
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
        ErrorRateDetector("reachability", "Reachability_Low", "unreachable_rate", "call_count", Thresholds(0.05)),
        _learned("error-logs", "ErrorLogs_High", "error_log_rate", 1.0, Learning(3.0, 8.0, 0.3)),
    )


def _loads() -> tuple[SymptomDetector, ...]:
    surge = Thresholds(learning=Learning(3.0, 8.0, 5.0, min_samples=15))
    descriptors = Thresholds(learning=Learning(3.0, 8.0, 200.0))
    return (
        ThresholdDetector("request-rate", "RequestRate_High", "request_rate", surge, _STEADY, _ADOPT),
        ThresholdDetector("publish-rate", "PublishRate_High", "publish_rate", surge, _STEADY, _ADOPT),
        ThresholdDetector("open-files", "OpenFileDescriptors_High", "open_file_descriptors", descriptors, _SUSTAINED),
    )


def _utilizations() -> tuple[SymptomDetector, ...]:
    busy = Learning(2.0, 6.0, 0.2, least=0.5, ceiling=0.95)
    return (
        _learned("cpu", "CPUUtilization_High", "cpu_utilization", 0.85, busy, _SUSTAINED),
        _fixed("memory", "MemoryUtilization_High", "memory_utilization", 0.9),
        _fixed("disk", "DiskUtilization_High", "disk_utilization", 0.9),
        _fixed("pool", "ConnectionPoolUtilization_High", "connection_pool.utilization", 0.95),
    )


def _growths() -> tuple[SymptomDetector, ...]:
    return (
        GrowthDetector("memory-growth", "MemoryUsage_Growing", "memory_usage", 48.0 * _MIB, 0.1, 8, agreement=0.75),
        GrowthDetector("backlog-growth", "Backlog_Growing", "backlog", 8.0, 1.0, strides=(1,)),
    )


def _latency(name: str, symptom: str, attribute: str, label: str = "") -> ThresholdDetector:
    learning = Learning(ratio=2.0, spreads=6.0, floor=0.05)
    return ThresholdDetector(name, symptom, attribute, Thresholds(1.0, learning, label, 0.001), _PATIENT)


def _learned(
    name: str, symptom: str, attribute: str, default: float, learning: Learning, over: Hysteresis = _STEADY
) -> ThresholdDetector:
    return ThresholdDetector(name, symptom, attribute, Thresholds(default, learning), over)


def _fixed(name: str, symptom: str, attribute: str, threshold: float) -> ThresholdDetector:
    return ThresholdDetector(name, symptom, attribute, Thresholds(threshold), _SUSTAINED)
