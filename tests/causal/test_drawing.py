"""Drawing arrows: which rules walk which relations, and which way."""

from __future__ import annotations

import pytest
from attrs import evolve

from causely_core.causal import Catalogue, build_graph
from causely_core.model import Effect, Propagation, SymptomKey

from .world import MODEL, arrows, related, things


def drawn(rule, relations):
    """Arrows as ``cause>effect`` under ``rule``, over things a and b and a Thong c that is like them."""
    models = [evolve(MODEL, propagations=(rule,)), evolve(MODEL, entity_type="Thong", propagations=())]
    entities = {**things("a b"), **things("c", type="Thong")}
    graph = build_graph(Catalogue.of(models), entities, relations)
    return [f"{_name(cause)}>{_name(effect)}" for cause, effect, *_ in arrows(graph)]


def _name(key):
    return key.entity.partition(":")[2]


def rule(inverse=False, neighbour="*", mode="", effect="Slow_High"):
    return Propagation("Slow_High", "calls", inverse, neighbour, Effect(effect, 0.5), mode)


def test_direction_is_along_or_against_the_relation():
    assert drawn(rule(), related("a>b")) == ["a>b"]
    assert drawn(rule(inverse=True), related("a>b")) == ["b>a"]


def test_only_the_named_relation_and_neighbour_are_walked():
    to_thong = [evolve(each, target="Thong:c") for each in related("a>c")]
    assert drawn(rule(), related("a>b", "runs_on")) == []
    assert drawn(rule(neighbour="Thong"), [*related("a>b"), *to_thong]) == ["a>c"]
    assert drawn(rule(neighbour="*"), [*related("a>b"), *to_thong]) == ["a>b", "a>c"]


def test_a_rule_of_another_type_does_not_apply():
    from_thong = [evolve(each, source="Thong:c") for each in related("c>a")]
    assert drawn(rule(), from_thong) == []


@pytest.mark.parametrize(
    ("mode", "attributes", "fits"),
    [
        ("sync", {"mode": "sync"}, True),
        ("sync", {"mode": "async"}, False),
        ("sync", {}, True),
        ("", {"mode": "async"}, True),
    ],
)
def test_a_mode_that_is_stated_on_both_sides_must_agree(mode, attributes, fits):
    assert bool(drawn(rule(mode=mode), related("a>b", **attributes))) is fits


def test_an_effect_that_the_neighbour_cannot_show_is_not_drawn():
    assert drawn(rule(effect="Loud_High"), related("a>b")) == []


def test_a_relation_told_twice_counts_once():
    assert drawn(rule(), related("a>b a>b")) == ["a>b"]


def test_absences_of_siblings_share_one_weight():
    graph = build_graph(Catalogue.of([evolve(MODEL, propagations=(rule(),))]), things("a b c"), related("a>b a>c"))
    assert [share for *_, share in arrows(graph)] == [0.5, 0.5]


def test_a_rule_without_a_relation_is_drawn_within_each_entity_of_its_type():
    local = Propagation("Slow_High", "", False, "", Effect("Hot_High", 0.4))
    models = [evolve(MODEL, propagations=(local,)), evolve(MODEL, entity_type="Thong", propagations=())]
    entities = {**things("a b"), **things("c", type="Thong")}
    graph = build_graph(Catalogue.of(models), entities, related("a>b"))
    within = [(SymptomKey(f"Thing:{name}", "Slow_High"), SymptomKey(f"Thing:{name}", "Hot_High")) for name in "ab"]
    assert arrows(graph) == [(*ends, "", 0.4, 1.0) for ends in within]
