"""Drawing arrows: which rules walk which relations, and which way."""

from __future__ import annotations

import pytest
from attrs import evolve

from causely_core.causal import Catalogue, build_graph
from causely_core.model import Effect, Propagation

from .world import MODEL, related, things


def arrows(rule, relations):
    """Arrows as ``cause>effect`` under ``rule``, over things a and b and a Thong c that is like them."""
    models = [evolve(MODEL, propagations=(rule,)), evolve(MODEL, entity_type="Thong", propagations=())]
    entities = {**things("a b"), **things("c", type="Thong")}
    graph = build_graph(Catalogue.of(models), entities, relations)
    return [
        f"{_name(graph, tail)}>{_name(graph, head)}"
        for tail in range(len(graph.watched))
        for head in graph.out.head[graph.out.start[tail] : graph.out.start[tail + 1]]
    ]


def _name(graph, node):
    return graph.key(node).entity.partition(":")[2]


def rule(inverse=False, neighbour="*", mode="", effect="Slow_High"):
    return Propagation("Slow_High", "calls", inverse, neighbour, Effect(effect, 0.5), mode)


def test_direction_is_along_or_against_the_relation():
    assert arrows(rule(), related("a>b")) == ["a>b"]
    assert arrows(rule(inverse=True), related("a>b")) == ["b>a"]


def test_only_the_named_relation_and_neighbour_are_walked():
    to_thong = [evolve(each, target="Thong:c") for each in related("a>c")]
    assert arrows(rule(), related("a>b", "runs_on")) == []
    assert arrows(rule(neighbour="Thong"), [*related("a>b"), *to_thong]) == ["a>c"]
    assert arrows(rule(neighbour="*"), [*related("a>b"), *to_thong]) == ["a>b", "a>c"]


def test_a_rule_of_another_type_does_not_apply():
    from_thong = [evolve(each, source="Thong:c") for each in related("c>a")]
    assert arrows(rule(), from_thong) == []


@pytest.mark.parametrize(
    ("mode", "attributes", "drawn"),
    [
        ("sync", {"mode": "sync"}, True),
        ("sync", {"mode": "async"}, False),
        ("sync", {}, True),
        ("", {"mode": "async"}, True),
    ],
)
def test_a_mode_that_is_stated_on_both_sides_must_agree(mode, attributes, drawn):
    assert bool(arrows(rule(mode=mode), related("a>b", **attributes))) is drawn


def test_an_effect_that_the_neighbour_cannot_show_is_not_drawn():
    assert arrows(rule(effect="Loud_High"), related("a>b")) == []


def test_a_relation_told_twice_counts_once():
    assert arrows(rule(), related("a>b a>b")) == ["a>b"]


def test_absences_of_siblings_share_one_weight():
    graph = build_graph(Catalogue.of([evolve(MODEL, propagations=(rule(),))]), things("a b c"), related("a>b a>c"))
    assert graph.out.share == [0.5, 0.5]
    assert graph.into.share == [0.5, 0.5]
