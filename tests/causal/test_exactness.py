"""The engine against a Bayesian network, summed over every set of causes, where nothing spreads.

The network is written out here once more, by its definition: causes are independent with their priors, a symptom is
seen by its leak or because a cause showed it and it was not missed. Everything is watched, severities are a third
(leaks as written) and each cause shows something with 0.05 or more: then the score of a set is exactly its log
posterior odds (benchmarks/peers/two_layers.py tells why), and no approximation should be left.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from causely_core.causal import Catalogue, build_graph, diagnose
from causely_core.model import (
    WATCHED,
    Baseline,
    CausalModel,
    Effect,
    Entity,
    RootCauseSpec,
    Symptom,
    SymptomKey,
    SymptomSpec,
    ThresholdSource,
)

NOW = 2_000.0
PROBABILITIES = st.floats(0.05, 0.95)
PRIORS = st.floats(0.001, 0.3)


@st.composite
def worlds(draw, causes=6, symptoms=4):
    """A model of one type with each cause's effects, and which of its symptoms are active on one to two entities."""
    names = [f"S{number}_High" for number in range(draw(st.integers(1, symptoms)))]
    specs = [SymptomSpec(name, leak=draw(st.floats(0.001, 0.2)), miss=draw(st.floats(0.01, 0.4))) for name in names]
    shown = st.dictionaries(st.sampled_from(names), PROBABILITIES, min_size=1)
    count = draw(st.integers(1, causes))
    roots = [cause(number, draw(PRIORS), draw(shown)) for number in range(count)]
    active = draw(st.lists(st.sets(st.sampled_from(names), min_size=1), min_size=1, max_size=2))
    return CausalModel("Thing", tuple(specs), tuple(roots)), active


def cause(number, prior, effects):
    return RootCauseSpec(f"C{number}", prior, "code", "", tuple(Effect(*each) for each in effects.items()))


def diagnosed(model, active, severity=1.0 / 3.0, watched=True):
    """The diagnosis of entities ``t0``, ``t1``, ... with the symptoms that are active on each."""
    names = " ".join(spec.name for spec in model.symptoms) if watched else ""
    things = [Entity.of("Thing", f"t{number}", attributes={WATCHED: names}) for number in range(len(active))]
    keys = [SymptomKey(thing.id, name) for thing, shown in zip(things, active, strict=True) for name in shown]
    graph = build_graph(Catalogue.of([model]), {thing.id: thing for thing in things}, ())
    return diagnose(graph, {key: symptom(key, severity) for key in keys}, NOW, calibration=None)


def symptom(key, severity):
    usual = Baseline(1.0, 1.5, ThresholdSource.LEARNED)
    return Symptom(key.entity, key.name, True, NOW, NOW, severity, "value", 2.0, usual)


def every_set(model):
    """All sets of causes: rows of ones and zeros, one column a cause."""
    count = len(model.root_causes)
    return (np.arange(2**count)[:, None] >> np.arange(count)) & 1


def joint(model, active, absent):
    """Log probability of each of :func:`every_set` together with what is seen on one entity."""
    there = every_set(model)
    prior = np.array([root.prior for root in model.root_causes])
    log = np.where(there, np.log(prior), np.log1p(-prior)).sum(axis=1)
    for spec in model.symptoms:
        shows = np.array([dict(strengths(root)).get(spec.name, 0.0) for root in model.root_causes]) * (1.0 - spec.miss)
        silent = (1.0 - spec.leak) * np.prod(1.0 - there * shows, axis=1)
        log += np.log(1.0 - silent) * (spec.name in active) + np.log(silent) * (spec.name in absent)
    return log


def strengths(root):
    return [(effect.symptom, effect.probability) for effect in root.effects]


def marginals(model, log):
    """Posterior of each cause by name."""
    mass = np.exp(log - log.max())
    return dict(zip([root.name for root in model.root_causes], mass @ every_set(model) / mass.sum(), strict=True))


def expected(model, active):
    """For each entity in turn, the log joint of every set."""
    names = {spec.name for spec in model.symptoms}
    return [joint(model, shown, names - shown) for shown in active]


def unwatched(model, active):
    """The same where nothing is watched: nearly all of what is not active would be, if it were there."""
    return [joint(model, shown, ()) + silences(model, shown) for shown in active]


def silences(model, shown):
    """Log probability that each of :func:`every_set` shows nothing but ``shown``, as far as it would be seen."""
    seen = {spec.name: 0.97 * (1.0 - spec.miss) for spec in model.symptoms if spec.name not in shown}
    each = [sum(math.log1p(-p * seen.get(name, 0.0)) for name, p in strengths(root)) for root in model.root_causes]
    return every_set(model) @ np.array(each)


def assert_best(found, model, logs):
    """The set that is named is the most probable one, or as probable as that."""
    for number, log in enumerate(logs):
        named = {each.cause for each in found.root_causes if each.entity == f"Thing:t{number}"}
        row = sum((root.name in named) << place for place, root in enumerate(model.root_causes))
        assert log[row] == pytest.approx(log.max(), abs=1e-6)


def assert_probabilities(found, model, logs):
    """What is told of causes and of their alternatives is the posterior."""
    exact = {f"Thing:t{number}": marginals(model, log) for number, log in enumerate(logs)}
    for each in found.root_causes:
        for told in (each, *each.alternatives):
            assert told.probability == pytest.approx(exact[told.entity][told.cause], abs=1e-6)


@given(worlds())
@settings(deadline=None)
def test_the_named_set_is_the_most_probable_of_all_sets(world):
    assert_best(diagnosed(*world), world[0], expected(*world))


THREE_RIVALS = CausalModel(
    "Thing",
    (SymptomSpec("S0_High", leak=0.01, miss=0.1), SymptomSpec("S1_High", leak=0.01, miss=0.1)),
    (
        cause(0, 0.1, {"S0_High": 0.9, "S1_High": 0.9}),
        cause(1, 0.09, {"S0_High": 0.5, "S1_High": 0.5}),
        cause(2, 0.08, {"S0_High": 0.5, "S1_High": 0.4}),
    ),
)


@pytest.mark.xfail(reason="the search sums over the sets that it met; of three causes and more these are not all")
@given(worlds())
@example((THREE_RIVALS, [{"S0_High", "S1_High"}]))
@settings(deadline=None)
def test_probabilities_are_shares_of_all_sets(world):
    assert_probabilities(diagnosed(*world), world[0], expected(*world))


@given(worlds(causes=2))
@settings(deadline=None)
def test_probabilities_of_two_causes_are_shares_of_all_sets(world):
    assert_probabilities(diagnosed(*world), world[0], expected(*world))


@given(worlds(causes=2), st.floats(0.0, 1.0))
@settings(deadline=None)
def test_another_severity_is_another_leak_of_what_is_active(world, severity):
    model, active = world
    active = active[:1]
    leaks = {spec.name: spec.leak ** (0.5 + 1.5 * severity) for spec in model.symptoms}
    specs = [SymptomSpec(spec.name, leak=leaks[spec.name], miss=spec.miss) for spec in model.symptoms]
    network = CausalModel("Thing", tuple(specs), model.root_causes)
    found, logs = diagnosed(model, active, severity), expected(network, active)
    assert_best(found, network, logs)
    assert_probabilities(found, network, logs)


@given(worlds(causes=2))
@settings(deadline=None)
def test_where_nothing_is_watched_what_is_not_active_counts_a_little_less(world):
    found, logs = diagnosed(*world, watched=False), unwatched(*world)
    assert_best(found, world[0], logs)
    assert_probabilities(found, world[0], logs)


def test_of_causes_that_cannot_be_told_apart_the_first_is_named_and_both_are_as_probable():
    effects = {"S0_High": 0.9, "S1_High": 0.8}
    specs = (SymptomSpec("S0_High"), SymptomSpec("S1_High"))
    twins = CausalModel("Thing", specs, (cause(1, 0.01, effects), cause(0, 0.01, effects)))
    (found,) = diagnosed(twins, [{"S0_High", "S1_High"}]).root_causes
    (other,) = found.alternatives
    assert (found.cause, other.cause) == ("C0", "C1")
    assert found.probability == pytest.approx(other.probability, abs=1e-9)


def test_one_cause_of_one_symptom_by_hand():
    model = CausalModel("Thing", (SymptomSpec("S0_High", leak=0.01, miss=0.1),), (cause(0, 0.02, {"S0_High": 0.9}),))
    (found,) = diagnosed(model, [{"S0_High"}]).root_causes
    there, not_there = 0.02 * (1 - 0.99 * (1 - 0.9 * 0.9)), 0.98 * 0.01
    assert math.isclose(found.probability, there / (there + not_there), rel_tol=1e-9)
