"""What a node suffers from, and with it all that runs on it."""

from __future__ import annotations

from .world import Case, each

SLOW = {
    "Service:orders": "RequestLatency_High",
    "Service:files": "RequestLatency_High",
    "Service:api": "RequestLatency_High",
}
FAILING = {
    "Service:orders": "RequestErrorRate_High ErrorLogs_High",
    "Service:files": "RequestErrorRate_High",
    "Service:api": "RequestErrorRate_High",
}
CASES = [
    Case(
        "Node:n1",
        "CPUCongested",
        "CPUUtilization_High",
        "",
        {**SLOW, "Container:orders": "CPUPressure_High", "Container:files": "CPUPressure_High"},
    ),
    Case("Node:n1", "MemoryPressure", "MemoryUtilization_High", "PodEvictions_High", SLOW),
    Case("Node:n1", "DiskFull", "DiskUtilization_High", "PodEvictions_High", FAILING),
    Case("Node:n1", "DiskCongested", "DiskIOPS_High", "DiskIOLatency_High", SLOW),
    Case("Node:n1", "ConntrackFull", "Conntrack_High", "ConnectionFailures_High PacketLoss_High", FAILING),
    Case(
        "Node:n1",
        "SNATPortsExhausted",
        "SNATPorts_High",
        "ConnectionFailures_High",
        {
            "ExternalService:bank": "Reachability_Low",
            "ExternalService:couriers": "Reachability_Low",
            "CloudService:s3": "Reachability_Low",
            "Service:orders": "RequestErrorRate_High ErrorLogs_High",
            "Service:files": "RequestErrorRate_High",
            "Service:api": "RequestErrorRate_High",
        },
    ),
    Case("Node:n1", "PIDPressure", "PIDs_High", "PodEvictions_High", FAILING),
    Case(
        "Node:n1",
        "NotReady",
        "Readiness_Low",
        "PodEvictions_High",
        {
            "Pod:orders-1": "Readiness_Low",
            "Pod:files-1": "Readiness_Low",
            "Pod:api-1": "Readiness_Low",
            "Service:orders": "Reachability_Low",
            "Service:api": "Reachability_Low RequestErrorRate_High",
            "Service:web": "RequestErrorRate_High",
        },
    ),
    Case(
        "Node:n1",
        "Drained",
        "Pods_Drained",
        "Node_Cordoned",
        {
            "Pod:orders-1": "Readiness_Low",
            "Service:orders": "Reachability_Low",
            "Service:api": "RequestErrorRate_High",
        },
    ),
    Case(
        "Node:n1",
        "NetworkLoss",
        "PacketLoss_High",
        "Retransmits_High",
        {**SLOW, "Service:orders": "RequestLatency_High RequestErrorRate_High Retransmits_High"},
    ),
]


@each(CASES)
def test_it_is_the_only_root_cause_named(case):
    assert case.named() == [(case.entity, case.cause)]


@each(CASES)
def test_its_entity_is_suspected_with_its_telling_symptom_and_another_lost(case):
    assert case.entity in case.suspects()
