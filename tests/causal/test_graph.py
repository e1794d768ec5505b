"""The causal graph: numbering symptoms and finding them again."""

from __future__ import annotations

from attrs import evolve

from causely_core.causal import Catalogue, build_graph
from causely_core.model import Entity, Relation, SymptomKey, entity_id

from .world import MODEL, arrows, things, world


def test_every_symptom_of_every_entity_has_a_node_of_its_own():
    graph = world("a b c", "a>b")
    keys = [SymptomKey(entity_id("Thing", name), symptom) for name in "abc" for symptom in ("Slow_High", "Hot_High")]
    assert [graph.node(key) for key in keys] == list(range(6))
    assert [graph.key(node) for node in range(6)] == keys
    assert graph.state(5).spec == MODEL.symptoms[1]
    assert graph.miss[:6].tolist() == [0.1, 0.2] * 3


def test_what_is_not_known_has_no_node():
    graph = build_graph(Catalogue.of([MODEL]), {**things("a"), "Toaster:t": Entity.of("Toaster", "t")}, [])
    assert graph.node(SymptomKey("Thing:z", "Slow_High")) is None
    assert graph.node(SymptomKey("Thing:a", "Toast_High")) is None
    assert graph.node(SymptomKey("Toaster:t", "Slow_High")) is None


def test_watched_is_what_the_entity_says_and_the_model_knows():
    graph = world("a", "", watched="Hot_High Unheard_Of")
    assert graph.watched[:2].tolist() == [False, True]


def test_a_hidden_state_is_never_watched():
    hidden = evolve(MODEL, symptoms=(evolve(MODEL.symptoms[0], observable=False), MODEL.symptoms[1]))
    assert world("a", "", hidden).watched[:2].tolist() == [False, True]


def test_a_symptom_that_is_only_mentioned_takes_part():
    graph = world("a", "", evolve(MODEL, symptoms=()))
    assert graph.node(SymptomKey("Thing:a", "Hot_High")) is not None


def test_relations_to_nowhere_and_to_oneself_are_left_out():
    stray = [Relation(f"Thing:{a}", "calls", f"Thing:{b}") for a, b in ("az", "za", "aa")]
    assert arrows(build_graph(Catalogue.of([MODEL]), things("a"), stray)) == []


def test_an_empty_topology_is_an_empty_graph():
    graph = build_graph(Catalogue.of([MODEL]), {}, [])
    assert (list(graph.entities), list(graph.watched), arrows(graph)) == ([], [], [])
