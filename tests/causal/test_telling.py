"""What would tell causes apart: the worth of looking, and which look is told."""

from __future__ import annotations

from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from causely_core.causal import diagnose
from causely_core.causal.telling import information_gain
from causely_core.model import CausalModel, CauseRef, Effect, RootCauseSpec, SymptomSpec

from .shop import by_key, symptom
from .world import world

CHANCE = st.floats(0, 1)
CASES = st.tuples(st.integers(1, 5), st.integers(1, 4)).flatmap(
    lambda size: st.tuples(arrays(float, size[0], elements=st.floats(0.001, 1)), arrays(float, size, elements=CHANCE))
)


def gain(weights, seen):
    return float(information_gain(np.array(weights), np.array(seen)[:, None])[0])


def entropy(*weights):
    return -sum(weight * log2(weight) for weight in weights if weight)


@given(CASES)
def test_a_look_is_never_worth_less_than_nothing_nor_more_than_what_is_open(case):
    weights, seen = case[0] / case[0].sum(), case[1]
    gains = information_gain(weights, seen)
    assert (gains >= 0.0).all()
    assert (gains <= min(1.0, entropy(*weights)) + 1e-9).all()


@given(CASES, CHANCE)
def test_where_all_causes_predict_the_same_a_look_is_worth_nothing(case, chance):
    weights, seen = case[0] / case[0].sum(), np.full_like(case[1], chance)
    assert information_gain(weights, seen) == pytest.approx(0.0, abs=1e-9)


@given(CASES)
def test_it_is_what_the_entropy_is_expected_to_fall_by(case):
    weights, seen = case[0] / case[0].sum(), case[1]
    for column, told in enumerate(information_gain(weights, seen)):
        joint = [weights * seen[:, column], weights * (1.0 - seen[:, column])]
        left = sum(part.sum() * entropy(*(part / part.sum())) for part in joint if part.sum() > 1e-300)
        assert told == pytest.approx(entropy(*weights) - left, abs=1e-9)


def test_two_causes_by_hand():
    assert gain([0.5, 0.5], [1.0, 0.0]) == pytest.approx(1.0)
    seen, calm = 0.75 * 0.8 + 0.25 * 0.2, 0.75 * 0.2 + 0.25 * 0.8
    left = seen * entropy(0.6 / seen, 0.05 / seen) + calm * entropy(0.15 / calm, 0.2 / calm)
    assert gain([0.75, 0.25], [0.8, 0.2]) == pytest.approx(entropy(0.75, 0.25) - left)


def model(hot=0.9, wet=0.1, prior=0.01, observable=True):
    """Two causes of one symptom that is seen; ``Hot_High`` and ``Wet_High`` tell them apart."""
    symptoms = (
        SymptomSpec("Slow_High"),
        SymptomSpec("Hot_High", attribute="temperature", observable=observable),
        SymptomSpec("Wet_High"),
    )
    fever = RootCauseSpec("Fever", prior, "load", "", (Effect("Slow_High", 0.9), Effect("Hot_High", hot)))
    flood = RootCauseSpec("Flood", 0.01, "load", "", (Effect("Slow_High", 0.9), Effect("Wet_High", wet)))
    return CausalModel("Thing", symptoms, (fever, flood))


def told(model, watched="Slow_High"):
    graph = world("a", "", model, watched)
    (cause,) = diagnose(
        graph, by_key([symptom("Thing:a", "Slow_High", severity=1.0)]), 0.0, calibration=None
    ).root_causes
    return cause


def test_the_symptom_that_tells_most_is_told_with_what_it_would_speak_for():
    cause = told(model())
    first, second = cause.would_tell
    assert (first.entity, first.symptom, first.attribute) == ("Thing:a", "Hot_High", "temperature")
    assert first.favours == CauseRef("Thing:a", "Fever")
    assert (second.symptom, second.favours) == ("Wet_High", CauseRef("Thing:a", "Flood"))
    weights = np.array([cause.probability, *(each.probability for each in cause.alternatives)])
    names = [cause.cause, *(each.cause for each in cause.alternatives)]
    chance = {"Fever": 1 - 0.99 * (1 - 0.9 * 0.9), "Flood": 0.01}
    assert first.gain == pytest.approx(gain(weights / weights.sum(), [chance[name] for name in names]), abs=1e-6)
    assert first.gain > second.gain > 0.01


def test_what_is_watched_or_can_never_be_seen_tells_nothing_more():
    assert "Hot_High" not in [each.symptom for each in told(model(), "Slow_High Hot_High").would_tell]
    assert "Hot_High" not in [each.symptom for each in told(model(observable=False)).would_tell]


def test_a_certain_cause_needs_no_further_look():
    assert told(model(hot=0.1, prior=0.95)).probability > 0.99
    assert told(model(hot=0.1, prior=0.9999)).would_tell == ()
