"""What call edges tell: what one service sees of its calls to one other."""

from __future__ import annotations

from attrs import evolve

from causely_core.causal import build_graph, diagnose
from causely_core.model import WATCHED, Entity, EntityId, Relation

from ..shop import NOW, by_key, catalogue, symptom, told

CALLERS = ("api", "cart", "jobs")
STORE, OTHER = EntityId("Database:pg"), EntityId("Cache:redis")


def edge(caller, callee):
    return EntityId(f"Dependency:{caller} > {callee}")


def watched(id, names):
    type, _, key = id.partition(":")
    return Entity.of(type, key, attributes={WATCHED: names})


def found(seen, stores=""):
    """The diagnosis where three services call two stores, of which ``stores`` is watched."""
    served = "RequestLatency_High RequestErrorRate_High ClientRequestLatency_High ClientRequestErrorRate_High"
    pairs = [(name, to) for name in CALLERS for to in (STORE, OTHER)]
    edges = [watched(edge(*pair), "RequestLatency_High RequestErrorRate_High") for pair in pairs]
    services = [watched(f"Service:{name}", served) for name in CALLERS]
    entities = {each.id: each for each in (*services, *edges, watched(STORE, stores), watched(OTHER, stores))}
    relations = [relation for pair in pairs for relation in related(*pair)]
    active = by_key(evolve(symptom(id, name, by), value=2.0 / (1.0 - by)) for id, name, by in seen)
    return diagnose(build_graph(catalogue(), entities, relations), active, NOW)


def related(caller, callee):
    service, between = EntityId(f"Service:{caller}"), edge(caller, callee)
    yield Relation(service, "calls", callee)
    yield Relation(between, "part_of", service)
    yield Relation(between, "calls", callee)


def test_what_all_callers_see_of_one_callee_is_the_callees():
    services = [(f"Service:{name}", "ClientRequestLatency_High", 0.8) for name in CALLERS]
    for callee in (STORE, OTHER):
        seen = [(edge(name, callee), "RequestLatency_High", 0.8) for name in CALLERS]
        assert told(found([*services, *seen]))[0][0] == callee


def test_what_callers_see_speaks_for_the_callee_though_it_is_worse_than_the_whole():
    mild = (STORE, "RequestLatency_High", 0.5)
    seen = [[(edge(name, STORE), mild[1], severity) for name in CALLERS] for severity in (0.5, 0.7, 0.8)]
    weights = [found([mild, *edges], mild[1]).root_causes[0].probability for edges in seen]
    assert weights[0] < weights[1] < weights[2]
