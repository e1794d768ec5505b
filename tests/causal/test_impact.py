"""What is told to be at risk while a cause is left."""

from __future__ import annotations

import pytest

from causely_core.causal import Catalogue, build_graph, diagnose
from causely_core.model import (
    WATCHED,
    CausalModel,
    Effect,
    Entity,
    Propagation,
    Relation,
    RootCauseSpec,
    SymptomSpec,
    entity_id,
)

from .shop import by_key, symptom


def model(type, spread=0.7):
    slow = SymptomSpec("Slow_High")
    tired = RootCauseSpec("Tired", 0.01, "code", "Tired.", (Effect("Slow_High", 0.9),))
    return CausalModel(
        type, (slow,), (tired,), (Propagation("Slow_High", "calls", True, "*", Effect("Slow_High", spread)),)
    )


def caused(calls, slow, watched=(), types=None, spread=0.7):
    """The one root cause when ``slow`` are slow; ``calls`` as ``caller>callee``, all services unless ``types`` says."""
    pairs = [pair.split(">") for pair in calls.split()]
    type = {name: (types or {}).get(name, "Service") for pair in pairs for name in pair}
    entities = [
        Entity.of(type[name], name, attributes={WATCHED: "Slow_High"} if name in watched else {}) for name in type
    ]
    relations = [Relation(entity_id(type[a], a), "calls", entity_id(type[b], b)) for a, b in pairs]
    catalogue = Catalogue.of(model(each, spread) for each in sorted(set(type.values())))
    graph = build_graph(catalogue, {entity.id: entity for entity in entities}, relations)
    seen = by_key(symptom(entity_id(type[name], name), "Slow_High", severity=1.0) for name in slow.split())
    (cause,) = diagnose(graph, seen, 0.0).root_causes
    return cause


def test_callers_that_are_still_calm_are_at_risk_most_probable_first():
    cause = caused("web>shop shop>cart", "cart")
    assert [(each.entity, each.symptom) for each in cause.at_risk] == [
        ("Service:shop", "Slow_High"),
        ("Service:web", "Slow_High"),
    ]
    assert [each.probability for each in cause.at_risk] == pytest.approx([0.7, 0.49], abs=0.01)


def test_what_suffers_already_is_impacted_and_not_at_risk():
    cause = caused("web>shop shop>cart", "shop cart")
    assert cause.impacted == ("Service:shop",)
    assert [each.entity for each in cause.at_risk] == ["Service:web"]


def test_beyond_a_service_that_is_seen_to_be_calm_there_is_little_risk():
    cause = caused("web>shop shop>cart", "cart", watched=("shop", "cart", "web"))
    assert [each.entity for each in cause.at_risk] == ["Service:shop"]


def test_only_what_serves_is_at_risk():
    assert caused("pod>cart", "cart", types={"pod": "Pod"}).at_risk == ()
    assert [each.entity for each in caused("op>cart", "cart", types={"op": "Operation"}).at_risk] == ["Operation:op"]
    assert caused("edge>cart", "cart", types={"edge": "Dependency"}).at_risk == ()


def test_what_a_caller_sees_of_its_calls_is_explained_and_is_nothing_that_suffers():
    cause = caused("edge>cart shop>cart", "edge shop cart", types={"edge": "Dependency"})
    assert "Dependency:edge" in {key.entity for key in cause.explains}
    assert cause.impacted == ("Service:shop",)


def test_what_is_hardly_reached_is_not_told():
    assert caused("shop>cart", "cart", spread=0.25).at_risk == ()


def test_at_most_twenty_are_told():
    names = [f"caller{number:02}" for number in range(30)]
    cause = caused(" ".join(f"{name}>cart" for name in names), "cart")
    assert [each.entity for each in cause.at_risk] == [f"Service:{name}" for name in names[:20]]
