"""What differs between two topologies, and the causal graph that follows it."""

from __future__ import annotations

from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st

from causely_core.causal import Catalogue, CausalGraph, build_graph
from causely_core.causal.change import Change
from causely_core.model import WATCHED, Entity, Relation, entity_id

from .world import MODEL, arrows

NAMES = st.sampled_from("abcdef")


@st.composite
def topologies(draw):
    """Some things, differently watched, with calls between them, some to nowhere, some asynchronous."""
    watched = draw(st.dictionaries(NAMES, st.sampled_from(["", "Slow_High", "Hot_High"])))
    things = [Entity.of("Thing", name, attributes={WATCHED: names}) for name, names in watched.items()]
    calls = draw(st.lists(st.tuples(NAMES, NAMES, st.sampled_from(["sync", "async"])), max_size=8))
    relations = [
        Relation(entity_id("Thing", a), "calls", entity_id("Thing", b), {"mode": mode}) for a, b, mode in calls
    ]
    return SimpleNamespace(entities={each.id: each for each in things}, relations=relations)


@given(st.lists(topologies(), min_size=1, max_size=4))
@settings(deadline=None)
def test_a_graph_that_follows_changes_is_the_graph_of_what_is_now(topologies):
    graph, before = CausalGraph.of(Catalogue.of([MODEL])), SimpleNamespace(entities={}, relations=[])
    for after in topologies:
        graph.apply(Change.between(before, after))
        before = after
    anew = build_graph(Catalogue.of([MODEL]), before.entities, before.relations)
    assert arrows(graph) == arrows(anew)
    assert seen(graph, before.entities) == seen(anew, before.entities)


def seen(graph, ids):
    nodes = [node for id in ids for node in graph.nodes(graph.names.find(id))]
    return {graph.key(node): bool(graph.watched[node]) for node in nodes}


@given(topologies())
def test_nothing_is_between_equals(topology):
    assert Change.between(topology, topology) == Change()
