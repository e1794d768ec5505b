"""An effect is seldom worse than its cause."""

from __future__ import annotations

import math

import numpy as np
import pytest
from attrs import evolve

from causely_core.causal.magnitude import Magnitudes
from causely_core.model import Baseline, ThresholdSource

from .shop import symptom

FIRST, SECOND = np.array([0]), np.array([1])


def of(severity, value=1.0, usual=math.nan):
    plain = evolve(symptom("Service:a", "RequestLatency_High"), severity=severity)
    return evolve(plain, value=value, baseline=Baseline(usual, usual * 1.5, ThresholdSource.LEARNED))


def plausible(cause, effect):
    return float(Magnitudes.of([cause, effect]).plausible(FIRST, SECOND)[0])


def test_a_milder_effect_and_an_equal_one_are_as_likely_as_they_were():
    assert plausible(of(0.9), of(0.5)) == plausible(of(0.9), of(0.9)) == 1.0


def test_a_stronger_effect_is_less_likely_the_stronger_it_is():
    strengths = [plausible(of(0.5), of(severity)) for severity in (0.6, 0.7, 0.8, 0.9)]
    assert strengths == sorted(strengths, reverse=True)
    # Severity 0.75 is four times the threshold, twice what severity 0.5 is.
    assert plausible(of(0.5), of(0.75)) == pytest.approx(math.exp((0.2 - math.log(2.0)) / 0.4))


def test_nothing_is_impossible():
    assert plausible(of(0.0), of(1.0)) == pytest.approx(0.03)


def test_an_effect_that_is_stronger_only_by_its_low_usual_value_is_as_likely():
    assert plausible(of(0.5, value=2.0, usual=1.0), of(0.9, value=0.5, usual=0.02)) == 1.0


def test_without_a_usual_value_the_severity_decides():
    assert plausible(of(0.5, value=2.0, usual=1.0), of(0.9)) == plausible(of(0.5), of(0.9)) < 1.0
