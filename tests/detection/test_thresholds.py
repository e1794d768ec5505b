from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from causely_core.detection import Learning, Thresholds
from causely_core.detection.baseline import learn, median
from causely_core.detection.thresholds import clear_threshold
from causely_core.model import (
    AttributeWindow,
    Baseline,
    Entity,
    EntityId,
    Series,
    SymptomKey,
    ThresholdSource,
    Window,
)

A, B = EntityId("Service:a"), EntityId("Service:b")
LATENCY = Thresholds(1.0, Learning(2.0, 6.0, 0.05), "causely.io/latency-threshold", 0.001)


def past(*values: float) -> AttributeWindow:
    times = np.arange(len(values), dtype=float)[None] * 2.0
    return AttributeWindow((Series(A, "x"),), times, np.array([values]))


def baseline_of(window: AttributeWindow, manual: dict[EntityId, float] | None = None) -> Baseline:
    return LATENCY.baselines(window, float(window.times[0, -1]), manual or {})[0]


def test_the_default_counts_until_enough_was_seen():
    found = baseline_of(past(*[0.01] * 12))
    assert (found.threshold, found.source) == (1.0, ThresholdSource.DEFAULT)
    assert math.isnan(found.center)


def test_then_the_learned_one_counts():
    found = baseline_of(past(*[0.01] * 20))
    assert found.source is ThresholdSource.LEARNED
    assert (found.center, found.threshold) == (0.01, pytest.approx(0.06))


def test_a_manual_one_always_counts():
    found = baseline_of(past(*[0.01] * 20), {A: 0.3})
    assert (found.threshold, found.source) == (0.3, ThresholdSource.MANUAL)


def test_the_newest_seconds_are_not_learned():
    assert baseline_of(past(*[0.01] * 30, *[5.0] * 5)).center == 0.01


def test_a_fault_longer_than_half_the_past_is_not_learned():
    assert baseline_of(past(*[0.01] * 60, *[5.0] * 150)).center == 0.01


def test_noise_raises_the_threshold():
    noisy = past(*[0.1, 0.3] * 30)
    assert baseline_of(noisy).threshold > 0.3


def test_labels_and_settings_of_people():
    entities = {
        A: Entity.of("Service", "a", attributes={"causely.io/latency-threshold": "250"}),
        B: Entity.of("Service", "b", attributes={"causely.io/latency-threshold": "soon"}),
        EntityId("Service:c"): Entity.of("Service", "c", attributes={"causely.io/latency-threshold": "-5"}),
    }
    labelled = Window(0.0, {}, entities=entities)
    assert LATENCY.manual("Slow", labelled) == {A: 0.25}
    told = Window(0.0, {}, entities=entities, manual={SymptomKey(A, "Slow"): 0.5, SymptomKey(B, "Other"): 1.0})
    assert LATENCY.manual("Slow", told) == {A: 0.5}


def test_a_ceiling_holds_while_normal_is_below_it():
    busy = Learning(2.0, 6.0, 0.2, least=0.5, ceiling=0.95)
    found = busy.thresholds(np.array([0.1, 0.6, 1.5, np.nan]), np.zeros(4))
    assert found[:3].tolist() == pytest.approx([0.5, 0.95, 1.8])
    assert math.isnan(found[3])


@pytest.mark.parametrize(("source", "expected"), [("learned", 0.3), ("default", 0.45), ("manual", 0.45)])
def test_clearing_takes_less_than_the_threshold(source, expected):
    assert clear_threshold(Baseline(0.1, 0.5, ThresholdSource(source))) == pytest.approx(expected)


@given(st.lists(st.lists(st.floats(-1e6, 1e6) | st.just(math.nan), min_size=5, max_size=5), min_size=1))
def test_the_median_is_numpys_without_its_slowness(rows):
    table = np.array(rows)
    expected = [np.median(row[~np.isnan(row)]) if (~np.isnan(row)).any() else math.nan for row in table]
    np.testing.assert_allclose(median(table), expected, rtol=1e-9, atol=1e-9)


@given(st.lists(st.floats(0.001, 100.0), min_size=15, max_size=80), st.floats(0.01, 100.0))
def test_what_is_learned_scales_with_the_values(values, factor):
    times = np.arange(len(values), dtype=float)[None] * 2.0
    now = float(times[0, -1])
    one = learn(times, np.array([values]), now)
    other = learn(times, np.array([values]) * factor, now)
    np.testing.assert_allclose(other.center, one.center * factor, rtol=1e-9)
    np.testing.assert_allclose(other.spread, one.spread * factor, rtol=1e-6, atol=1e-9)
