"""Resolvers."""

from __future__ import annotations

from .world import Case, each

CASES = [
    Case(
        "DNS:coredns",
        "Failing",
        "DNSErrorRate_High",
        "DNSLatency_High",
        {
            "Service:orders": "DNSErrorRate_High DNSLatency_High RequestErrorRate_High",
            "Service:web": "DNSErrorRate_High DNSLatency_High",
            "Service:api": "RequestErrorRate_High",
        },
    ),
    Case(
        "DNS:coredns",
        "Congested",
        "DNSQueryRate_High",
        "DNSLatency_High",
        {
            "Service:orders": "DNSLatency_High RequestLatency_High",
            "Service:web": "DNSLatency_High RequestLatency_High",
            "Service:api": "RequestLatency_High",
        },
    ),
]


@each(CASES)
def test_it_is_the_only_root_cause_named(case):
    assert case.named() == [(case.entity, case.cause)]


@each(CASES)
def test_its_entity_is_suspected_with_its_telling_symptom_and_another_lost(case):
    assert case.entity in case.suspects()
