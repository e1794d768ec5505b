"""Diagnoses of a small shop with the built-in models: which cause is named for which symptoms, and why."""

from __future__ import annotations

import random

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from causely_core.causal import build_graph, diagnose
from causely_core.model import Entity, SymptomKey

from .shop import (
    FAULTS,
    NOW,
    WATCHED_SYMPTOMS,
    by_key,
    catalogue,
    diagnosis,
    entities,
    relations,
    shown,
    symptom,
    told,
)

EACH_FAULT = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "-"))
ALL_KEYS = [SymptomKey(id, name) for id, names in WATCHED_SYMPTOMS.items() for name in names.split()]
SYMPTOMS = st.dictionaries(
    st.sampled_from(ALL_KEYS), st.tuples(st.floats(0, 1), st.floats(900, 1_100)), max_size=12
).map(lambda chosen: [symptom(*key, severity, onset) for key, (severity, onset) in chosen.items()])
FAULT = {fault.name: fault for fault in FAULTS}


@EACH_FAULT
def test_a_fault_is_the_only_root_cause_and_explains_everything(fault):
    found = diagnosis(shown(fault))
    assert told(found) == [(fault.entity, fault.cause)]
    assert found.unexplained == ()


@EACH_FAULT
@pytest.mark.parametrize("seed", range(5))
def test_a_fault_stays_on_top_with_three_in_ten_of_what_others_show_lost(fault, seed):
    own, others = [[each for each in shown(fault) if (each.entity == fault.entity) is mine] for mine in (True, False)]
    kept = random.Random(seed).sample(others, len(others) - int(0.3 * len(others)))
    assert told(diagnosis([*own, *kept]))[0] == (fault.entity, fault.cause)


@EACH_FAULT
@pytest.mark.parametrize(
    "noise",
    [
        (("Service:frontend", "RequestRate_High"), ("Service:checkout", "MemoryUsage_Growing")),
        (("Operation:frontend GET /", "RequestLatency_High"), ("Service:checkout", "CPUUtilization_High")),
        (("Service:frontend", "MemoryUsage_Growing"), ("Queue:shipments", "MessageAge_High")),
    ],
)
def test_a_fault_stays_the_only_root_cause_with_two_mild_symptoms_of_noise(fault, noise):
    spurious = [symptom(*key, severity=0.1) for key in noise]
    assert told(diagnosis([*shown(fault), *spurious])) == [(fault.entity, fault.cause)]


def test_two_faults_that_share_no_symptom_are_both_named():
    slow, leak = FAULT["slow queries"], FAULT["memory leak"]
    both = told(diagnosis([*shown(slow), *shown(leak)]))
    assert both == [(slow.entity, slow.cause), (leak.entity, leak.cause)]


def test_nothing_active_is_no_diagnosis():
    cleared = evolve(shown(FAULTS[0])[0], active=False)
    assert diagnosis([]) == diagnosis([cleared])
    assert diagnosis([]).root_causes == diagnosis([]).unexplained == ()


@pytest.mark.parametrize("key", ALL_KEYS, ids=lambda key: "-".join(key).replace(" ", "_"))
def test_one_mild_symptom_alone_has_no_root_cause(key):
    found = diagnosis([symptom(*key, severity=0.1)])
    assert (found.root_causes, found.unexplained) == ((), (key,))


def test_a_symptom_of_something_unknown_is_left_unexplained():
    stranger = symptom("Toaster:t", "Toast_High", severity=1.0)
    assert diagnosis([stranger]).unexplained == (stranger.key,)


def test_causes_that_cannot_be_seen_where_they_are_said_to_be_do_not_win():
    # Nothing that a pool or a consumer would show is watched on payment: most likely it has neither.
    slow = [each for each in shown(FAULT["cpu burn"]) if each.name != "CPUUtilization_High"]
    assert told(diagnosis(slow)) == [("Service:payment", "Congested")]


def test_a_cause_whose_own_symptoms_began_last_is_less_probable():
    together = shown(FAULT["slow external API"])
    last = [evolve(each, onset=1_060.0) if each.entity == "ExternalService:bank" else each for each in together]
    before, after = (diagnosis(each).root_causes[0] for each in (together, last))
    assert before.cause == after.cause == "Slow"
    assert after.probability < before.probability


def test_a_root_cause_tells_its_path_impact_and_rivals():
    (cause,) = diagnosis(shown(FAULT["slow external API"])).root_causes
    steps = {step.target: step for step in cause.path}
    step = steps[SymptomKey("Service:payment", "RequestLatency_High")]
    assert (step.source, step.relation) == (SymptomKey("ExternalService:bank", "RequestLatency_High"), "calls")
    assert cause.path[0].source == SymptomKey("ExternalService:bank", "Slow")
    assert "Service:frontend" in cause.impacted
    assert "ExternalService:bank" not in cause.impacted
    assert cause.onset == 1_000.0
    reasons = {(rival.entity, rival.cause): rival.reason for rival in cause.alternatives}
    reason = reasons["ExternalService:bank", "Failing"]
    assert reason == "it would show RequestErrorRate_High of bank and 2 more, which are not seen"


def test_a_rival_is_told_what_it_does_not_explain():
    (cause,) = diagnosis(shown(FAULT["slow consumer"])).root_causes
    assert any(rival.reason.startswith(("it does not explain", "it would show")) for rival in cause.alternatives)


@given(SYMPTOMS)
def test_explained_and_unexplained_together_are_what_is_active(symptoms):
    found = diagnosis(symptoms)
    explained = {key for cause in found.root_causes for key in cause.explains}
    assert explained.isdisjoint(found.unexplained)
    assert explained | set(found.unexplained) == {each.key for each in symptoms}
    for cause in found.root_causes:
        assert 0.0 <= cause.probability <= 1.0
        assert cause.explains
        assert not set(cause.missing) & {each.key for each in symptoms}
        assert all(0.0 <= rival.probability <= 1.0 for rival in cause.alternatives)


@given(SYMPTOMS, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_in_which_things_are_told_makes_no_difference(symptoms, shuffled):
    things, edges, seen = entities(), relations(), list(symptoms)
    for each in (things, edges, seen):
        shuffled.shuffle(each)
    other = build_graph(catalogue(), {entity.id: entity for entity in things}, edges)
    assert diagnose(other, by_key(seen), NOW) == diagnosis(symptoms)


def test_a_service_of_which_nothing_is_watched_can_still_be_the_cause():
    fault = FAULT["slow external API"]
    bare = {each.id: Entity.of("ExternalService", "bank") if each.id == fault.entity else each for each in entities()}
    others = by_key(each for each in shown(fault) if each.entity != fault.entity)
    found = diagnose(build_graph(catalogue(), bare, relations()), others, NOW)
    causes = {*told(found), *((rival.entity, rival.cause) for rival in found.root_causes[0].alternatives)}
    assert (fault.entity, fault.cause) in causes
