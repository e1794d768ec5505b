"""Too few replicas, or the wrong ones."""

from __future__ import annotations

from .world import Case, each

CASES = [
    Case("Workload:orders", "FailedJob", "Jobs_Failing", "", {}),
    Case(
        "Workload:orders",
        "UnavailableReplicas",
        "Replicas_Unavailable",
        "Rollout_Stalled",
        {"Service:orders": "RequestErrorRate_High", "Service:api": "RequestErrorRate_High"},
    ),
    Case(
        "Workload:orders",
        "Unschedulable",
        "Pods_Unschedulable",
        "Replicas_Unavailable",
        {"Service:orders": "RequestLatency_High", "Service:api": "RequestLatency_High"},
    ),
    Case(
        "Workload:orders",
        "BadRollout",
        "Rollout_Stalled",
        "Deployment_Changed Replicas_Unavailable",
        {"Service:orders": "RequestErrorRate_High ErrorLogs_High", "Service:api": "RequestErrorRate_High"},
    ),
    Case(
        "Workload:orders",
        "InsufficientReplicas",
        "CPUUtilization_High",
        "",
        {"Service:orders": "RequestLatency_High CPUUtilization_High", "Service:api": "RequestLatency_High"},
    ),
    Case(
        "Workload:orders",
        "HPAAtMax",
        "HPA_AtMax",
        "CPUUtilization_High",
        {"Service:orders": "RequestLatency_High", "Service:api": "RequestLatency_High"},
    ),
]


@each(CASES)
def test_it_is_the_only_root_cause_named(case):
    assert case.named() == [(case.entity, case.cause)]


@each([case for case in CASES if not case.general])
def test_its_entity_is_suspected_with_its_telling_symptom_and_another_lost(case):
    assert case.entity in case.suspects()
