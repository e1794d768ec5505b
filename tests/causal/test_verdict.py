"""What a root cause tells of itself: its path with what was seen, and its rivals."""

from __future__ import annotations

import math

import pytest
from attrs import evolve

from causely_core.causal import Catalogue, build_graph, diagnose
from causely_core.causal.carrier import carrier_name
from causely_core.model import (
    WATCHED,
    Baseline,
    CausalModel,
    Effect,
    Entity,
    Propagation,
    Relation,
    RootCauseSpec,
    Support,
    SupportState,
    SymptomKey,
    SymptomSpec,
    ThresholdSource,
)

from .shop import FAULTS, by_key, diagnosis, shown, symptom
from .world import world


def slow(name, **other):
    return evolve(symptom(f"Thing:{name}", "Slow_High", severity=1.0), **other)


def only(graph, *seen):
    (cause,) = diagnose(graph, by_key(seen), 0.0).root_causes
    return cause


def test_every_step_tells_what_was_seen_at_its_end():
    seen = slow("b", attribute="request_duration.p95", value=1.5, onset=990.0)
    step, *_ = only(world("a b", "a>b"), seen).path
    assert step.support == Support(SupportState.ACTIVE, "request_duration.p95", 1.5, 2.0, 1.0, 990.0, 1.0)


@pytest.mark.parametrize(("watched", "state"), [("", SupportState.UNKNOWN), ("Slow_High", SupportState.ABSENT)])
def test_a_step_through_what_is_not_active_says_so(watched, state):
    relations = [Relation(f"Thing:{a}", "calls", f"Thing:{b}") for a, b in ("ab", "bc")]
    attributes = {"a": "Slow_High", "b": watched, "c": "Slow_High"}
    entities = {f"Thing:{n}": Entity.of("Thing", n, attributes={WATCHED: names}) for n, names in attributes.items()}
    spread = Propagation("Slow_High", "calls", True, "*", Effect("Slow_High", 0.9))
    tired = RootCauseSpec("Tired", 0.01, "code", "", (Effect("Slow_High", 0.9), Effect("Hot_High", 0.9)))
    symptoms = SymptomSpec("Slow_High", attribute="duration"), SymptomSpec("Hot_High")
    graph = build_graph(Catalogue.of([CausalModel("Thing", symptoms, (tired,), (spread,))]), entities, relations)
    cause = only(graph, slow("c"), symptom("Thing:c", "Hot_High"), slow("a"))
    steps = {step.target: step.support for step in cause.path}
    assert steps[SymptomKey("Thing:b", "Slow_High")] == Support(state, "duration")


def test_numbers_that_are_none_are_left_out():
    strange = Baseline(math.nan, math.inf, ThresholdSource.LEARNED)
    (step,) = only(world("a", ""), slow("a", baseline=strange)).path
    assert (step.support.center, step.support.threshold, step.support.value) == (None, None, 10.0)


def carried():
    """A node's trouble that walks over its pod to the service, with a carrier on the pod."""
    by = carrier_name("Node", "Hot_High", "runs_on<>Pod>selects<>Service", 1)
    hot = SymptomSpec("Hot_High")
    fire = RootCauseSpec("Fire", 0.01, "resource", "", (Effect("Hot_High", 0.95),))
    onto = Propagation("Hot_High", "runs_on", True, "Pod", Effect(by, 0.999999999))
    onward = Propagation(by, "selects", True, "Service", Effect("Slow_High", 0.6))
    models = (
        CausalModel("Node", (hot,), (fire,), (onto,)),
        CausalModel("Pod", (SymptomSpec(by, observable=False),), (), (onward,)),
        CausalModel("Service", (SymptomSpec("Slow_High"),)),
    )
    entities = [Entity("n1", "Node", "n1"), Entity("p", "Pod", "p"), Entity("Web: shop", "Service", "s")]
    relations = [Relation("p", "runs_on", "n1"), Relation("Web: shop", "selects", "p")]
    return build_graph(Catalogue.of(models), {entity.id: entity for entity in entities}, relations)


def test_states_that_only_carry_a_path_are_told_as_one_step():
    cause = only(carried(), symptom("n1", "Hot_High"), symptom("Web: shop", "Slow_High"))
    first, second = cause.path
    assert (first.target, first.relation) == (("n1", "Hot_High"), "")
    assert (second.source, second.target) == (("n1", "Hot_High"), ("Web: shop", "Slow_High"))
    assert (second.relation, second.probability) == ("runs_on, selects", pytest.approx(0.6))
    assert second.support.state is SupportState.ACTIVE


def test_carriers_are_neither_at_risk_nor_telling():
    cause = only(carried(), symptom("n1", "Hot_High", severity=1.0))
    assert cause.would_tell == ()
    assert [each.entity for each in cause.at_risk] == ["Web: shop"]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "-"))
def test_rivals_are_ranked_by_their_probability_each_with_a_reason(fault):
    for cause in diagnosis(shown(fault)).root_causes:
        chances = [rival.probability for rival in cause.alternatives]
        assert chances == sorted(chances, reverse=True)
        assert all(rival.reason for rival in cause.alternatives)


def test_rivals_tell_what_they_would_show_and_what_they_leave_unexplained():
    cause = only(world("a b", "a>b"), slow("a"), slow("b"))
    rivals = {(rival.entity, rival.cause): rival for rival in cause.alternatives}
    assert (cause.entity, cause.cause) == ("Thing:b", "Tired")
    assert rivals["Thing:b", "Fever"].missing == (("Thing:b", "Hot_High"),)
    assert rivals["Thing:b", "Fever"].unexplained == ()
    assert rivals["Thing:a", "Tired"].missing == ()
    assert rivals["Thing:a", "Tired"].unexplained == (("Thing:b", "Slow_High"),)


def test_what_a_rival_leaves_unexplained_is_among_what_the_cause_explains():
    for fault in FAULTS:
        for cause in diagnosis(shown(fault)).root_causes:
            assert all(set(rival.unexplained) <= set(cause.explains) for rival in cause.alternatives)


def test_entities_are_named_by_the_whole_id_where_it_is_any_text():
    spread = Propagation("Slow_High", "calls", True, "*", Effect("Slow_High", 0.6))
    tired = RootCauseSpec("Tired", 0.01, "code", "", (Effect("Slow_High", 0.9),))
    model = CausalModel("Service", (SymptomSpec("Slow_High"),), (tired,), (spread,))
    entities = {id: Entity(id, "Service", id, {WATCHED: "Slow_High"}) for id in ("One: a", "b")}
    graph = build_graph(Catalogue.of([model]), entities, [Relation("One: a", "calls", "b")])
    cause = only(graph, symptom("b", "Slow_High", severity=1.0), symptom("One: a", "Slow_High", severity=0.0))
    assert [rival.reason for rival in cause.alternatives] == ["it does not explain Slow_High of b"]
