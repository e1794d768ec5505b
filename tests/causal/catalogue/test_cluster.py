"""The control plane, and quotas."""

from __future__ import annotations

from .world import Case, each

CASES = [
    Case(
        "Cluster:prod",
        "ControlPlaneSlow",
        "APIServerLatency_High",
        "SchedulingLatency_High APIServerErrors_High",
        {"Workload:orders": "Rollout_Stalled", "Workload:api": "Rollout_Stalled"},
    ),
    Case(
        "Cluster:prod",
        "SchedulingFailing",
        "Pods_Unschedulable",
        "SchedulingLatency_High",
        {
            "Workload:orders": "Replicas_Unavailable Pods_Unschedulable",
            "Workload:api": "Replicas_Unavailable Pods_Unschedulable",
        },
    ),
    Case(
        "Namespace:shop",
        "QuotaExhausted",
        "ResourceQuota_High",
        "",
        {
            "Workload:orders": "Replicas_Unavailable Rollout_Stalled",
            "Workload:api": "Replicas_Unavailable Rollout_Stalled",
        },
    ),
]


@each(CASES)
def test_it_is_the_only_root_cause_named(case):
    assert case.named() == [(case.entity, case.cause)]


@each(CASES)
def test_its_entity_is_suspected_with_its_telling_symptom_and_another_lost(case):
    assert case.entity in case.suspects()
