"""Whose fault it is that several third parties do not answer."""

from __future__ import annotations

import pytest

from causely_core.causal import build_graph, diagnose
from causely_core.model import WATCHED, Entity, EntityId, Relation

from ..shop import NOW, by_key, catalogue, symptom, told

WATCHED_SYMPTOMS = {
    "Service": "RequestErrorRate_High Reachability_Low ClientRequestErrorRate_High",
    "ExternalService": "Reachability_Low RequestErrorRate_High",
    "Node": "PacketLoss_High Conntrack_High",
}


def named(*calls):
    """The causes named when none of the third parties that ``calls`` names, as in ``shop bank``, answers."""
    edges = [call.split() for call in calls]
    services = {f"Service:{caller}" for caller, _ in edges}
    parties = {f"ExternalService:{callee}" for _, callee in edges}
    relations = [(f"Service:{caller}", "calls", f"ExternalService:{callee}") for caller, callee in edges]
    relations += [(service, "runs_on", "Node:vm") for service in services]
    made = [_entity(id) for id in ("Node:vm", *services, *parties)]
    graph = build_graph(
        catalogue(),
        {entity.id: entity for entity in made},
        [Relation(EntityId(a), b, EntityId(c)) for a, b, c in relations],
    )
    seen = [(party, "Reachability_Low") for party in parties]
    seen += [(service, "ClientRequestErrorRate_High") for service in services]
    return told(diagnose(graph, by_key(symptom(EntityId(id), name) for id, name in seen), NOW))


def _entity(id):
    type, _, key = id.partition(":")
    return Entity.of(type, key, attributes={WATCHED: WATCHED_SYMPTOMS[type]})


def test_one_that_does_not_answer_is_down():
    assert named("shop bank", "till bank") == [("ExternalService:bank", "Unavailable")]
    assert named("shop bank") == [("ExternalService:bank", "Unavailable")]


@pytest.mark.parametrize("parties", [3, 10])
def test_several_that_one_service_calls_are_kept_from_it(parties):
    calls = [f"shop 10.0.0.{at}:80" for at in range(parties)]
    assert named(*calls) == [("Service:shop", "EgressBlocked")]


def test_those_of_several_services_are_kept_from_their_node():
    calls = [f"{service} {service}-{at}" for service in ("shop", "till", "mail") for at in range(3)]
    assert named(*calls) == [("Node:vm", "SNATPortsExhausted")]
