"""Disks and volumes, and what stores on them."""

from __future__ import annotations

from .world import Case, each

CASES = [
    Case(
        "Disk:uploads",
        "Unprovisioned",
        "Claim_Pending",
        "",
        {"Pod:files-1": "Readiness_Low", "Workload:files": "Replicas_Unavailable", "Service:files": "Reachability_Low"},
    ),
    Case(
        "Disk:pgdata",
        "Full",
        "DiskUtilization_High",
        "DiskErrors_High",
        {
            "Database:postgres": "DiskUtilization_High RequestErrorRate_High",
            "Service:orders": "RequestErrorRate_High ErrorLogs_High",
            "Service:api": "RequestErrorRate_High",
        },
    ),
    Case(
        "Disk:uploads",
        "Full",
        "DiskUtilization_High",
        "DiskErrors_High",
        {"Service:files": "RequestErrorRate_High ErrorLogs_High", "Service:api": "RequestErrorRate_High"},
    ),
    Case(
        "Disk:pgdata",
        "InodesExhausted",
        "Inodes_High",
        "DiskErrors_High",
        {
            "Database:postgres": "RequestErrorRate_High",
            "Service:orders": "RequestErrorRate_High ErrorLogs_High",
            "Service:api": "RequestErrorRate_High",
        },
    ),
    Case(
        "Disk:pgdata",
        "IOPSCongested",
        "DiskIOPS_High",
        "DiskIOLatency_High",
        {
            "Database:postgres": "WriteLatency_High ReadLatency_High RequestLatency_High",
            "Service:orders": "RequestLatency_High DatabaseCallLatency_High",
            "Service:api": "RequestLatency_High",
        },
    ),
    Case(
        "Disk:uploads",
        "IOPSCongested",
        "DiskIOPS_High",
        "DiskIOLatency_High",
        {"Service:files": "RequestLatency_High", "Service:api": "RequestLatency_High"},
    ),
]


@each(CASES)
def test_it_is_the_only_root_cause_named(case):
    assert case.named() == [(case.entity, case.cause)]


@each(CASES)
def test_its_entity_is_suspected_with_its_telling_symptom_and_another_lost(case):
    assert case.entity in case.suspects()
