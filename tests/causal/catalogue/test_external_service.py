"""Third parties and services of a cloud."""

from __future__ import annotations

from .world import Case, each

CASES = [
    Case(
        "ExternalService:bank",
        "Slow",
        "RequestLatency_High",
        "",
        {
            "Service:orders": "RequestLatency_High ClientRequestLatency_High",
            "Service:api": "RequestLatency_High",
            "Service:web": "RequestLatency_High",
        },
    ),
    Case(
        "ExternalService:bank",
        "Failing",
        "RequestErrorRate_High",
        "",
        {
            "Service:orders": "RequestErrorRate_High ErrorLogs_High ClientRequestErrorRate_High",
            "Service:api": "RequestErrorRate_High",
            "Service:web": "RequestErrorRate_High",
        },
    ),
    Case(
        "ExternalService:bank",
        "Unavailable",
        "Reachability_Low",
        "RequestErrorRate_High",
        {
            "Service:orders": "RequestErrorRate_High ErrorLogs_High ClientRequestErrorRate_High",
            "Service:api": "RequestErrorRate_High",
            "Service:web": "RequestErrorRate_High",
        },
    ),
    Case(
        "ExternalService:bank",
        "QuotaExceeded",
        "Throttled_High",
        "RequestErrorRate_High",
        {
            "Service:orders": "RequestErrorRate_High ErrorLogs_High ClientRequestErrorRate_High",
            "Service:api": "RequestErrorRate_High",
            "Service:web": "RequestErrorRate_High",
        },
    ),
    Case(
        "CloudService:s3",
        "Slow",
        "RequestLatency_High",
        "",
        {
            "Service:files": "RequestLatency_High ClientRequestLatency_High",
            "Service:api": "RequestLatency_High",
            "Service:web": "RequestLatency_High",
        },
    ),
    Case(
        "CloudService:s3",
        "Failing",
        "RequestErrorRate_High",
        "",
        {
            "Service:files": "RequestErrorRate_High ErrorLogs_High ClientRequestErrorRate_High",
            "Service:api": "RequestErrorRate_High",
            "Service:web": "RequestErrorRate_High",
        },
    ),
    Case(
        "CloudService:s3",
        "Unavailable",
        "Reachability_Low",
        "RequestErrorRate_High",
        {
            "Service:files": "RequestErrorRate_High ErrorLogs_High ClientRequestErrorRate_High",
            "Service:api": "RequestErrorRate_High",
            "Service:web": "RequestErrorRate_High",
        },
    ),
    Case(
        "CloudService:s3",
        "QuotaExceeded",
        "Throttled_High",
        "RequestErrorRate_High",
        {
            "Service:files": "RequestErrorRate_High ErrorLogs_High ClientRequestErrorRate_High",
            "Service:api": "RequestErrorRate_High",
            "Service:web": "RequestErrorRate_High",
        },
    ),
]


@each(CASES)
def test_it_is_the_only_root_cause_named(case):
    assert case.named() == [(case.entity, case.cause)]


@each(CASES)
def test_its_entity_is_suspected_with_its_telling_symptom_and_another_lost(case):
    assert case.entity in case.suspects()
