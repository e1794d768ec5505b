"""Reviewing a window against a baseline with the built-in detectors, and with any other."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from causely_core.detection import builtin_detectors
from causely_core.detection.review import review, watched
from causely_core.model import Baseline, Symptom, SymptomKey, ThresholdSource

from .recordings import START, STEP, exactly, recording, stretch

DETECTORS = builtin_detectors()
LATENCY, ERRORS = SymptomKey("a", "RequestLatency_High"), SymptomKey("a", "RequestErrorRate_High")


def found(**kwargs):
    return review(DETECTORS, recording(**kwargs))


def latency(values, usual=0.01, count=1_000.0, **kwargs):
    return {"request_duration.avg": stretch(values, usual, **kwargs), "request_count": exactly([count] * 5, 1_000.0)}


def errors(values, usual=0.0, count=1_000.0):
    return {"error_rate": exactly(values, usual), "request_count": exactly([count] * 5, 1_000.0)}


def test_two_values_well_above_the_usual_ones_are_a_symptom_that_began_with_the_first():
    symptom = found(a=latency([0.01, 0.01, 0.02, 0.02, 0.01]))[LATENCY]
    assert symptom.onset == START + 2 * STEP
    assert symptom.attribute == "request_duration.avg"
    assert symptom.baseline.center == pytest.approx(0.01, rel=0.02)
    assert symptom.baseline.threshold < symptom.value == pytest.approx(0.02)
    assert 0.3 < symptom.severity < 0.5


def test_a_single_stray_value_is_none_unless_it_is_extreme_and_then_it_is_weak():
    assert LATENCY not in found(a=latency([0.01, 0.01, 0.0125, 0.01, 0.01]))
    assert found(a=latency([0.01, 0.01, 1.0, 0.01, 0.01]))[LATENCY].severity == pytest.approx(0.4)


def test_a_value_of_few_requests_may_stray_further():
    few, many = latency([0.01, 0.014, 0.014, 0.01, 0.01], count=4.0), latency([0.01, 0.014, 0.014, 0.01, 0.01])
    assert LATENCY in found(a=many)
    assert LATENCY not in found(a=few)


def test_what_is_not_known_to_be_usual_is_not_judged():
    assert found(a={"request_duration.avg": stretch([5.0] * 5, usual=[0.01] * 7)}) == {}


def test_a_level_that_drifted_since_a_remote_baseline_is_weak_and_a_rise_within_the_window_is_not():
    drifted = found(remote=True, a=latency([0.05, 0.05, 0.05, 0.05, 0.05]))
    assert drifted.get(LATENCY) is None
    raised = found(remote=True, a=latency([0.05, 0.05, 0.2, 0.2, 0.05]))[LATENCY]
    assert raised.onset == START + 2 * STEP
    lower = found(remote=True, a=latency([0.005, 0.005, 0.01, 0.01, 0.005]))[LATENCY]
    assert lower.severity > 0.2


def test_the_same_level_after_a_near_baseline_is_a_symptom():
    assert found(a=latency([0.05] * 5))[LATENCY].severity > 0.5


def test_two_percent_of_failures_over_a_clean_baseline_are_a_break():
    symptom = found(a=errors([0.0, 0.0, 0.02, 0.02, 0.0]))[ERRORS]
    assert symptom.onset == START + 2 * STEP
    assert symptom.value == pytest.approx(0.02)
    assert symptom.severity > 0.5


@pytest.mark.parametrize(
    "quiet",
    [
        errors([0.0, 0.0, 0.02, 0.0, 0.0], count=50.0),
        errors([0.02] * 5, usual=0.02),
        errors([0.0] * 5),
        {"error_rate": exactly([], 0.0), "request_count": exactly([], 100.0)},
    ],
    ids=["one failure of 50", "as usual", "none", "no data"],
)
def test_failures_by_chance_or_habit_are_none(quiet):
    assert ERRORS not in found(a=quiet)


def test_thresholds_that_people_set_by_label_are_used():
    measured = latency([0.01, 0.01, 0.02, 0.02, 0.01])
    assert LATENCY not in found(attributes={"a": {"causely.io/latency-threshold": "30"}}, a=measured)
    strict = found(attributes={"a": {"causely.io/latency-threshold": "15"}}, a=measured)[LATENCY]
    assert strict.baseline.source is ThresholdSource.MANUAL


def test_what_is_nearly_used_up_needs_no_baseline():
    full = {"memory_utilization": stretch([0.95] * 5, usual=[])}
    assert SymptomKey("a", "MemoryUtilization_High") in found(a=full)


def test_memory_that_rises_steadily_beyond_what_it_was_is_growing():
    mib = 2.0**20
    rising = {"memory_usage": stretch([300 * mib, 350 * mib, 400 * mib, 450 * mib, 500 * mib], 290 * mib, 0.01)}
    level = {"memory_usage": stretch([500 * mib] * 5, 290 * mib, 0.01)}
    key = SymptomKey("a", "MemoryUsage_Growing")
    assert key in found(a=rising)
    assert key not in found(a=level)


def test_symptoms_are_watched_where_the_window_has_values_of_what_shows_them():
    seen = watched(DETECTORS, recording(a=errors([0.0] * 5), b={"error_rate": exactly([], 0.0)}))
    assert "RequestErrorRate_High" in seen["a"]
    assert "b" not in seen
    assert "RequestLatency_High" in watched(DETECTORS, recording(a=latency([0.01] * 5)))["a"]


@frozen
class TooWarm:
    """A stranger's detector that knows live windows only."""

    name: str = "warm"
    attributes: tuple[str, ...] = ("temperature",)

    @property
    def symptoms(self):
        return {"Temperature_High": "temperature"}

    def detect(self, window):
        for seen in window.attributes.values():
            for row, series in enumerate(seen.series):
                usual = np.nanmedian(seen.values[row])
                if seen.values[row, -1] > 2.0 * usual:
                    limit = Baseline(usual, 2.0 * usual, ThresholdSource.LEARNED)
                    value = float(seen.values[row, -1])
                    yield Symptom(
                        series.entity,
                        "Temperature_High",
                        True,
                        window.now,
                        window.now,
                        0.5,
                        "temperature",
                        value,
                        limit,
                    )


def test_a_detector_of_a_plugin_is_replayed_over_the_recording():
    warm = review([TooWarm()], recording(a={"temperature": stretch([20.0, 20.0, 90.0, 20.0, 20.0], 20.0)}))
    assert warm[SymptomKey("a", "Temperature_High")].onset == START + 2 * STEP
    assert review([TooWarm()], recording(a={"temperature": stretch([20.0] * 5, 20.0)})) == {}


@given(st.integers(0, 10_000))
def test_usual_values_raise_nothing_severe(seed):
    rng = np.random.default_rng(seed)
    window = 0.01 * np.exp(0.05 * rng.standard_normal(5))
    symptoms = found(a=latency(window, seed=seed + 1))
    assert all(symptom.severity < 0.3 for symptom in symptoms.values())
