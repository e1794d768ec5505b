"""A small shop and the symptoms that each of its faults would show, as a detector would report them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from attrs import frozen

from causely_core.causal import Catalogue, build_graph, diagnose, parse_models
from causely_core.model import WATCHED, Baseline, Entity, Relation, Symptom, SymptomKey, ThresholdSource, entity_id

NOW = 2_000.0
SERVED = "RequestLatency_High RequestErrorRate_High RequestRate_High"
RESOURCES = "CPUUtilization_High MemoryUsage_Growing ErrorLogs_High"
WATCHED_SYMPTOMS = {
    "Service:frontend": f"{SERVED} {RESOURCES}",
    "Service:checkout": f"{SERVED} Reachability_Low {RESOURCES}",
    "Service:orders": f"{SERVED} Reachability_Low {RESOURCES} ConnectionPoolUtilization_High ConnectionPoolWait_High",
    "Service:payment": f"{SERVED} Reachability_Low {RESOURCES}",
    "Service:shipping": f"ProcessingLatency_High {RESOURCES}",
    "ExternalService:bank": f"{SERVED} Reachability_Low",
    "Database:postgres": f"{SERVED} ReadLatency_High WriteLatency_High Reachability_Low",
    "Queue:shipments": "PublishRate_High Backlog_Growing MessageAge_High",
    "Operation:frontend GET /": SERVED,
    "Operation:frontend POST /checkout": SERVED,
    "Operation:checkout POST /checkout": SERVED,
    "Operation:orders POST /orders": SERVED,
    "Operation:orders GET /orders": SERVED,
    "Operation:payment POST /pay": SERVED,
}
CALLS = ["frontend checkout", "checkout orders", "orders payment"]


@frozen
class Fault:
    """A fault, what it would show, and its right name."""

    name: str
    entity: str
    cause: str
    shows: dict[str, str]


UPSTREAM_SLOW = {
    "Service:checkout": "RequestLatency_High",
    "Service:frontend": "RequestLatency_High",
    "Operation:checkout POST /checkout": "RequestLatency_High",
    "Operation:frontend POST /checkout": "RequestLatency_High",
}
ORDERS_SLOW = {
    "Service:orders": "RequestLatency_High",
    "Operation:orders POST /orders": "RequestLatency_High",
    **UPSTREAM_SLOW,
}
PAYMENT_SLOW = {
    "Service:payment": "RequestLatency_High",
    "Operation:payment POST /pay": "RequestLatency_High",
    **ORDERS_SLOW,
}
ORDERS_FAIL = {
    "Service:orders": "RequestErrorRate_High ErrorLogs_High",
    "Operation:orders POST /orders": "RequestErrorRate_High",
    "Service:checkout": "RequestErrorRate_High ErrorLogs_High",
    "Operation:checkout POST /checkout": "RequestErrorRate_High",
    "Service:frontend": "RequestErrorRate_High",
    "Operation:frontend POST /checkout": "RequestErrorRate_High",
}
FAULTS = [
    Fault(
        "slow external API",
        "ExternalService:bank",
        "Slow",
        {"ExternalService:bank": "RequestLatency_High", **PAYMENT_SLOW},
    ),
    Fault(
        "slow queries",
        "Database:postgres",
        "SlowQueries",
        {
            "Database:postgres": "ReadLatency_High RequestLatency_High",
            "Operation:orders GET /orders": "RequestLatency_High",
            **ORDERS_SLOW,
        },
    ),
    Fault(
        "lock contention",
        "Database:postgres",
        "LockContention",
        {"Database:postgres": "WriteLatency_High RequestLatency_High", **ORDERS_SLOW},
    ),
    Fault(
        "cpu burn",
        "Service:payment",
        "CPUCongested",
        {**PAYMENT_SLOW, "Service:payment": "CPUUtilization_High RequestLatency_High"},
    ),
    Fault(
        "failing leaf",
        "Service:payment",
        "Malfunction",
        {
            "Service:payment": "RequestErrorRate_High ErrorLogs_High",
            "Operation:payment POST /pay": "RequestErrorRate_High",
            **ORDERS_FAIL,
        },
    ),
    Fault("dead downstream", "Service:payment", "Unavailable", {"Service:payment": "Reachability_Low", **ORDERS_FAIL}),
    Fault(
        "pool exhausted",
        "Service:orders",
        "ConnectionPoolExhausted",
        {
            **ORDERS_SLOW,
            "Service:orders": "ConnectionPoolUtilization_High ConnectionPoolWait_High RequestLatency_High",
            "Operation:orders GET /orders": "RequestLatency_High",
        },
    ),
    Fault(
        "slow consumer",
        "Service:shipping",
        "SlowConsumer",
        {"Service:shipping": "ProcessingLatency_High", "Queue:shipments": "Backlog_Growing MessageAge_High"},
    ),
    Fault("memory leak", "Service:payment", "MemoryLeak", {"Service:payment": "MemoryUsage_Growing"}),
]


def symptom(entity, name, severity=0.8, onset=1_000.0, active=True):
    baseline = Baseline(1.0, 2.0, ThresholdSource.LEARNED)
    return Symptom(entity, name, active, onset, onset, severity, "any", 10.0, baseline, "test")


def by_key(symptoms):
    return {each.key: each for each in symptoms}


def shown(fault):
    return [symptom(entity, name) for entity, names in fault.shows.items() for name in names.split()]


def entities():
    return [_entity(id, names) for id, names in WATCHED_SYMPTOMS.items()]


def _entity(id, watched):
    type, _, key = id.partition(":")
    return Entity.of(type, key, attributes={WATCHED: watched})


def relations():
    sync = {"mode": "sync"}
    services = [tuple(entity_id("Service", name) for name in pair.split()) for pair in CALLS]
    calls = [
        *services,
        ("Service:payment", "ExternalService:bank"),
        ("Service:orders", "Database:postgres"),
    ]
    parts = [id for id in WATCHED_SYMPTOMS if id.startswith("Operation:")]
    return [
        *(Relation(source, "calls", target, sync) for source, target in calls),
        *(Relation(id, "part_of", entity_id("Service", id[10:].split()[0])) for id in parts),
        Relation(entity_id("Service", "orders"), "produces_to", entity_id("Queue", "shipments")),
        Relation(entity_id("Service", "shipping"), "consumes_from", entity_id("Queue", "shipments")),
    ]


@cache
def catalogue():
    """The built-in models."""
    models = sorted((files("causely_core.causal") / "models").iterdir(), key=lambda each: each.name)
    return Catalogue.of(model for each in models for model in parse_models(each.read_text(), each.name))


@cache
def graph():
    return build_graph(catalogue(), {entity.id: entity for entity in entities()}, relations())


def diagnosis(symptoms):
    return diagnose(graph(), by_key(symptoms), NOW)


def told(found):
    """Entity and cause of each root cause of a diagnosis, best first."""
    return [(cause.entity, cause.cause) for cause in found.root_causes]


def key(entity, name):
    return SymptomKey(entity, name)
