"""What goes wrong between a service and its callers."""

from __future__ import annotations

from .world import Case, each

SLOW = {
    "Operation:orders/create": "RequestLatency_High",
    "Service:api": "RequestLatency_High",
    "Service:web": "RequestLatency_High",
    "LoadBalancer:ingress": "RequestLatency_High",
}
FAILING = {
    "Operation:orders/create": "RequestErrorRate_High",
    "Service:api": "RequestErrorRate_High ErrorLogs_High",
    "Service:web": "RequestErrorRate_High",
    "LoadBalancer:ingress": "RequestErrorRate_High",
}
CASES = [
    Case(
        "Service:orders",
        "Malfunction",
        "RequestErrorRate_High",
        "ErrorLogs_High",
        {**FAILING, "Container:orders": "ErrorLogs_High"},
    ),
    Case("Service:orders", "FaultyChange", "Deployment_Changed", "RequestErrorRate_High ErrorLogs_High", FAILING),
    Case("Service:orders", "Unavailable", "Reachability_Low", "", FAILING),
    Case("Service:orders", "Congested", "RequestLatency_High", "", SLOW),
    Case(
        "Service:orders",
        "ExcessiveLoad",
        "RequestRate_High",
        "RequestLatency_High",
        {**SLOW, "Database:postgres": "RequestRate_High"},
    ),
    Case(
        "Service:orders",
        "ExcessiveLoad",
        "RequestRate_High",
        "ListenQueue_High RequestLatency_High",
        {**SLOW, "Service:orders": "Reachability_Low"},
    ),
    Case(
        "Service:orders",
        "NoisyClient",
        "ClientRequestRate_High",
        "",
        {
            "ExternalService:bank": "RequestRate_High",
            "Database:postgres": "RequestRate_High",
            "Cache:redis": "RequestRate_High",
        },
    ),
    Case("Service:orders", "AccessThrottled", "Throttled_High", "RequestErrorRate_High", FAILING),
    Case("Service:orders", "UnauthorizedAccess", "Unauthorized_High", "RequestErrorRate_High", FAILING),
    Case(
        "Service:orders",
        "EgressBlocked",
        "ClientRequestErrorRate_High",
        "",
        {"ExternalService:bank": "Reachability_Low", "ExternalService:couriers": "Reachability_Low"},
    ),
    Case("Service:orders", "CertificateExpired", "Certificate_Expired", "Reachability_Low", FAILING),
]


@each(CASES)
def test_it_is_the_only_root_cause_named(case):
    assert case.named() == [(case.entity, case.cause)]


@each(CASES)
def test_its_entity_is_suspected_with_its_telling_symptom_and_another_lost(case):
    assert case.entity in case.suspects()
