"""What a cache suffers from."""

from __future__ import annotations

from .world import Case, each

CASES = [
    Case(
        "Cache:redis",
        "Congested",
        "RequestLatency_High",
        "RequestRate_High",
        {"Service:orders": "RequestLatency_High", "Service:api": "RequestLatency_High"},
    ),
    Case(
        "Cache:redis",
        "MemoryFull",
        "Evictions_High",
        "CacheMisses_High MemoryUtilization_High",
        {
            "Service:orders": "RequestLatency_High",
            "Service:api": "RequestLatency_High",
            "Database:postgres": "RequestRate_High",
        },
    ),
    Case(
        "Cache:redis",
        "Unavailable",
        "Reachability_Low",
        "RequestErrorRate_High",
        {
            "Service:orders": "RequestErrorRate_High RequestLatency_High ErrorLogs_High",
            "Service:api": "RequestErrorRate_High",
        },
    ),
]


@each(CASES)
def test_it_is_the_only_root_cause_named(case):
    assert case.named() == [(case.entity, case.cause)]


@each(CASES)
def test_its_entity_is_suspected_with_its_telling_symptom_and_another_lost(case):
    assert case.entity in case.suspects()
