"""What stands in front of services."""

from __future__ import annotations

from .world import Case, each

CASES = [
    Case(
        "LoadBalancer:ingress",
        "Congested",
        "RequestLatency_High",
        "",
        {"Service:mobile": "RequestLatency_High"},
    ),
    Case(
        "LoadBalancer:ingress",
        "Misrouted",
        "Unrouted_High",
        "RequestErrorRate_High",
        {"Service:mobile": "RequestErrorRate_High ErrorLogs_High"},
    ),
    Case(
        "LoadBalancer:ingress",
        "TargetUnhealthy",
        "UnhealthyTargets_High",
        "RequestErrorRate_High",
        {"Service:mobile": "RequestErrorRate_High ErrorLogs_High"},
    ),
    Case(
        "LoadBalancer:ingress",
        "CertificateExpired",
        "Certificate_Expired",
        "Reachability_Low",
        {"Service:mobile": "RequestErrorRate_High ErrorLogs_High"},
    ),
]


@each(CASES)
def test_it_is_the_only_root_cause_named(case):
    assert case.named() == [(case.entity, case.cause)]


@each([case for case in CASES if not case.general])
def test_its_entity_is_suspected_with_its_telling_symptom_and_another_lost(case):
    assert case.entity in case.suspects()
