"""What the processes of a service suffer from."""

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
        "CPUCongested",
        "CPUUtilization_High",
        "RequestLatency_High CPUUsage_High",
        {**SLOW, "Container:orders": "CPUUtilization_High CPUUsage_High"},
    ),
    Case(
        "Service:orders",
        "GOMAXPROCSTooHigh",
        "ThreadsPerCPU_High",
        "CPUThrottling_High RequestLatency_High",
        {**SLOW, "Container:orders": "CPUThrottling_High"},
    ),
    Case(
        "Service:orders",
        "MemoryLeak",
        "MemoryUsage_Growing",
        "MemoryUtilization_High GarbageCollection_High",
        {"Container:orders": "MemoryUtilization_High MemoryUsage_Growing"},
    ),
    Case("Service:orders", "InefficientGC", "GarbageCollection_High", "RequestLatency_High", SLOW),
    Case(
        "Service:orders", "HeapUndersized", "HeapUtilization_High", "GarbageCollection_High RequestLatency_High", SLOW
    ),
    Case("Service:orders", "LockContention", "LockWait_High", "RequestLatency_High", SLOW),
    Case(
        "Service:orders",
        "ConnectionPoolExhausted",
        "ConnectionPoolUtilization_High",
        "ConnectionPoolWait_High RequestLatency_High",
        SLOW,
    ),
    Case(
        "Service:orders",
        "CacheConnectionsExhausted",
        "CachePoolUtilization_High",
        "CachePoolWait_High RequestLatency_High",
        SLOW,
    ),
    Case(
        "Service:orders",
        "FileDescriptorsExhausted",
        "FileDescriptorUtilization_High",
        "OpenFileDescriptors_High RequestErrorRate_High ErrorLogs_High",
        FAILING,
    ),
    Case(
        "Service:orders",
        "InefficientDNSLookup",
        "DNSQueryRate_High",
        "RequestLatency_High",
        {**SLOW, "DNS:coredns": "DNSQueryRate_High"},
    ),
    Case("Service:orders", "SlowDatabaseQuery", "DatabaseCallLatency_High", "RequestLatency_High", SLOW),
    Case(
        "Service:worker",
        "SlowConsumer",
        "ProcessingLatency_High",
        "",
        {
            "Queue:mails": "MessageAge_High Backlog_Growing",
            "Topic:events": "ConsumerLag_High MessageAge_High Backlog_Growing",
        },
    ),
    Case(
        "Service:orders",
        "UnhandledException",
        "UnhandledExceptions_High",
        "RequestErrorRate_High ErrorLogs_High",
        FAILING,
    ),
    Case("Service:orders", "Crashing", "Crashes_High", "RequestErrorRate_High", FAILING),
    Case("Service:orders", "OutOfMemory", "OOMKills_High", "MemoryUtilization_High RequestErrorRate_High", FAILING),
]


@each(CASES)
def test_it_is_the_only_root_cause_named(case):
    assert case.named() == [(case.entity, case.cause)]


@each(CASES)
def test_its_entity_is_suspected_with_its_telling_symptom_and_another_lost(case):
    assert case.entity in case.suspects()
