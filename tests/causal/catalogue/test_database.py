"""What a database suffers from."""

from __future__ import annotations

from .world import Case, each

SLOW = {
    "Service:orders": "RequestLatency_High DatabaseCallLatency_High",
    "Operation:orders/read": "RequestLatency_High",
    "Service:api": "RequestLatency_High",
}
FAILING = {
    "Service:orders": "RequestErrorRate_High ErrorLogs_High",
    "Operation:orders/create": "RequestErrorRate_High",
    "Service:api": "RequestErrorRate_High",
}
CASES = [
    Case("Database:postgres", "SlowQueries", "ReadLatency_High", "RequestLatency_High", SLOW),
    Case("Database:postgres", "LockContention", "WriteLatency_High", "RequestLatency_High", SLOW),
    Case("Database:postgres", "Congested", "RequestLatency_High", "ReadLatency_High WriteLatency_High", SLOW),
    Case("Database:postgres", "Unavailable", "Reachability_Low", "RequestErrorRate_High", FAILING),
    Case("Database:postgres", "ConnectionsExhausted", "ConnectionsUtilization_High", "RequestErrorRate_High", FAILING),
    Case(
        "Database:postgres",
        "ReplicationLagging",
        "ReplicationLag_High",
        "WriteLatency_High",
        {"Service:orders": "RequestLatency_High", "Service:api": "RequestLatency_High"},
    ),
    Case("Database:postgres", "DiskFull", "DiskUtilization_High", "RequestErrorRate_High", FAILING),
]


@each(CASES)
def test_it_is_the_only_root_cause_named(case):
    assert case.named() == [(case.entity, case.cause)]


@each(CASES)
def test_its_entity_is_suspected_with_its_telling_symptom_and_another_lost(case):
    assert case.entity in case.suspects()
