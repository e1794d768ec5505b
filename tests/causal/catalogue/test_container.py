"""What a container suffers from, and how it shows in its pod and services."""

from __future__ import annotations

from .world import Case, each

OUT = {
    "Pod:orders-1": "Readiness_Low",
    "Workload:orders": "Replicas_Unavailable",
    "Service:orders": "Reachability_Low",
    "Service:api": "RequestErrorRate_High",
    "Service:web": "RequestErrorRate_High",
}
SLOW = {
    "Service:orders": "RequestLatency_High",
    "Service:api": "RequestLatency_High",
    "Service:web": "RequestLatency_High",
}
FAILING = {
    "Service:orders": "RequestErrorRate_High ErrorLogs_High",
    "Service:api": "RequestErrorRate_High",
    "Service:web": "RequestErrorRate_High",
}
CASES = [
    Case(
        "Pod:orders-1",
        "VolumeUnavailable",
        "VolumeMount_Failing",
        "Readiness_Low",
        {**OUT, "Container:orders": "Readiness_Low"},
    ),
    Case(
        "Container:orders",
        "CPUThrottled",
        "CPUThrottling_High",
        "CPUUtilization_High",
        {
            "Service:api": "RequestLatency_High",
            "Service:orders": "CPUThrottling_High CPUUtilization_High RequestLatency_High",
        },
    ),
    Case(
        "Container:orders",
        "MemoryPressure",
        "MemoryUtilization_High",
        "",
        {"Service:orders": "GarbageCollection_High MemoryUtilization_High", "Pod:orders-1": "MemoryUtilization_High"},
    ),
    Case(
        "Container:orders",
        "OutOfMemory",
        "OOMKills_High",
        "Restarts_High MemoryUtilization_High",
        {"Pod:orders-1": "MemoryUtilization_High", "Service:orders": "MemoryUtilization_High"},
    ),
    Case("Container:orders", "EphemeralStorageFull", "EphemeralStorage_High", "ErrorLogs_High Restarts_High", FAILING),
    Case("Container:orders", "CrashLoop", "Restarts_High", "Readiness_Low ErrorLogs_High", OUT),
    Case("Container:orders", "ImagePullFailure", "ImagePull_Failing", "Readiness_Low", OUT),
    Case("Container:orders", "FailedProbe", "Probe_Failing", "Readiness_Low", OUT),
    Case(
        "Container:orders",
        "NoisyNeighbour",
        "CPURequestUtilization_High",
        "CPUUtilization_High",
        {
            "Node:n1": "CPUUtilization_High",
            "Service:files": "RequestLatency_High",
            "Container:files": "CPUPressure_High",
            "Container:api": "CPUPressure_High",
            "Service:api": "RequestLatency_High",
        },
    ),
    Case(
        "Pod:orders-1",
        "NetworkLoss",
        "PacketLoss_High",
        "",
        {"Service:orders": "RequestLatency_High RequestErrorRate_High SelfErrors_High SelfTime_High"},
    ),
]


@each(CASES)
def test_it_is_the_only_root_cause_named(case):
    assert case.named() == [(case.entity, case.cause)]


@each(CASES)
def test_its_entity_is_suspected_with_its_telling_symptom_and_another_lost(case):
    assert case.entity in case.suspects()
