"""Simulated systems and faults: what is true of all of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causely_core.builtin import MODEL_FOLDER
from causely_core.causal import parse_models
from causely_core.incidents.simulation import FAMILIES, draw_scenario, draw_world, tell
from causely_core.incidents.simulation.course import readings_with
from causely_core.incidents.simulation.verdicts import verdicts
from causely_core.model import WATCHED, entity_type

SEEDS = st.integers(0, 2**32 - 1)
EACH_FAMILY = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
CATALOGUE = {
    (model.entity_type, cause.name)
    for file in sorted(MODEL_FOLDER.glob("*.yaml"))
    for model in parse_models(file.read_text(), file.name)
    for cause in model.root_causes
}


def drawn(seed, services=40, causes=2, families=FAMILIES):
    rng = np.random.default_rng(seed)
    scenario = draw_scenario(draw_world(services, rng), causes, rng, families)
    return scenario, tell(scenario, 1e9, rng)


@EACH_FAMILY
def test_a_kind_of_fault_is_a_cause_of_the_catalogue(family):
    assert (family.type, family.cause) in CATALOGUE


@pytest.mark.parametrize(("family", "more"), [("service-cpu", True), ("container-throttled", False)])
def test_a_processor_that_is_short_is_used_more_only_where_more_is_asked_of_it(family, more):
    scenario, _ = drawn(7, services=80, causes=1, families=[each for each in FAMILIES if each.name == family])
    (fault,) = scenario.faults
    before, after = (each["cpu_usage"][fault.place] for each in (scenario.course.before, scenario.course.after))
    assert (after > 1.5 * before) == more


@EACH_FAMILY
def test_a_fault_shows_its_sign_on_its_entity(family):
    scenario, told = drawn(7, services=80, causes=1, families=[family])
    (entity, cause) = told.truth[0]
    assert [fault.family for fault in scenario.faults] == [family]
    assert (entity_type(entity), cause) == (family.type, family.cause)
    assert (entity, family.sign) in told.symptoms


@given(SEEDS)
@settings(deadline=None, max_examples=25)
def test_nothing_breaks_a_threshold_while_all_is_well(seed):
    assert drawn(seed, causes=0)[1].symptoms == {}


@given(SEEDS, st.integers(1, 3))
@settings(deadline=None, max_examples=25)
def test_the_truth_is_on_different_entities_that_are_there(seed, causes):
    _, told = drawn(seed, causes=causes)
    places = [entity for entity, _ in told.truth]
    assert len(places) == len(set(places)) == causes
    assert set(places) <= set(told.entities)


@given(SEEDS)
@settings(deadline=None, max_examples=15)
def test_symptoms_are_watched_begin_in_the_window_and_have_a_severity(seed):
    _, told = drawn(seed)
    for key, symptom in told.symptoms.items():
        assert key.name in told.entities[key.entity].attributes[WATCHED].split()
        assert 1e9 <= symptom.onset < told.now
        assert 0.0 < symptom.severity <= 1.0


@given(SEEDS)
@settings(deadline=None, max_examples=15)
def test_relations_are_between_entities_that_are_there(seed):
    _, told = drawn(seed, services=20, causes=0)
    assert {end for each in told.relations for end in (each.source, each.target)} <= set(told.entities)
    assert all(each.source != each.target for each in told.relations)


@given(SEEDS)
@settings(deadline=None, max_examples=5)
def test_the_same_seed_gives_the_same_scenario(seed):
    one, other = drawn(seed)[1], drawn(seed)[1]
    # As text: what was not measured before is usually NaN, which equals nothing.
    assert repr((one.symptoms, one.truth, one.relations)) == repr((other.symptoms, other.truth, other.relations))


@given(SEEDS)
@settings(deadline=None, max_examples=10)
def test_every_fault_does_harm_beyond_its_sign(seed):
    mild = [family for family in FAMILIES if family.cause == "MemoryPressure"]
    scenario, _ = drawn(seed, families=mild)
    shown = symptoms(scenario.world, scenario.faults)
    for fault in scenario.faults:
        caused = shown - symptoms(scenario.world, [each for each in scenario.faults if each is not fault])
        assert (fault.place, fault.family.sign) in caused
        assert len(caused) > 1


def symptoms(world, faults):
    found = verdicts(readings_with(world, []), readings_with(world, faults))
    return {(each.place, each.symptom) for each in found}


@given(SEEDS)
@settings(deadline=None, max_examples=10)
def test_what_a_service_sends_is_what_its_dependencies_send(seed):
    world = draw_world(40, np.random.default_rng(seed))
    readings, places = readings_with(world, []), world.places
    edges = readings["request_rate"][places.dependencies]
    sent = np.bincount(places.edges[:, 0], np.nan_to_num(edges), world.blueprint.components)[: world.blueprint.services]
    measured = readings["client_request_rate"][: world.blueprint.services]
    quiet = 0.05 * np.bincount(places.edges[:, 0], np.isnan(edges), world.blueprint.components)[: len(measured)]
    seen = np.isfinite(measured)
    assert np.all(sent[seen] <= measured[seen] * (1.0 + 1e-9))
    assert np.all(measured[seen] <= sent[seen] + quiet[seen] + 1e-9)
