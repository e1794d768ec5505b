from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causely_core.detection import Learning, ThresholdDetector, Thresholds, WindowBuffer
from causely_core.detection.hysteresis import Hysteresis
from causely_core.model import (
    AttributeWindow,
    Entity,
    EntityId,
    Observation,
    ObservationBatch,
    Series,
    SymptomKey,
    ThresholdSource,
    Window,
)

from .simulation import SHOP, Simulation

SLOW = "RequestLatency_High"
KEY = SymptomKey(SHOP, SLOW)


def latency(seconds: float) -> dict[str, float]:
    return {"request_duration__p95": seconds}


@pytest.fixture
def calm() -> Simulation:
    world = Simulation()
    world.run(40, **latency(0.005))
    return world


def test_a_clear_break_is_noticed_within_eight_seconds_and_clears(calm):
    assert calm.seconds_until(SLOW, **latency(0.5)) <= 8.0
    found = calm.active[KEY]
    assert found.onset == 1_000.0 + 41 * 2.0
    assert found.baseline.source is ThresholdSource.LEARNED
    assert 0.8 < found.severity < 1.0
    assert calm.seconds_until(SLOW, active=False, **latency(0.005)) <= 8.0
    assert [(change.name, change.active) for change in calm.log] == [
        (SLOW, True),
        (SLOW, True),
        (SLOW, False),
    ]


def test_a_smaller_break_takes_a_sample_more(calm):
    assert calm.seconds_until(SLOW, **latency(0.15)) == 8.0


@pytest.mark.parametrize("length", [1, 2])
def test_a_hiccup_is_no_break(calm, length):
    for _ in range(20):
        calm.run(length, **latency(0.2))
        calm.run(8, **latency(0.005))
    assert calm.log == []


def test_a_fault_is_never_learned_as_normal(calm):
    calm.run(800, **latency(0.5))
    assert calm.active[KEY].baseline.center == 0.005


def test_before_anything_is_learned_the_default_counts():
    world = Simulation()
    world.run(5, **latency(1.5))
    assert world.active[KEY].baseline.source is ThresholdSource.DEFAULT


def test_what_is_slow_by_nature_is_normal_after_three_minutes():
    world = Simulation()
    world.run(100, **latency(1.5))
    assert KEY not in world.active


def test_people_are_right_even_while_the_symptom_is_active(calm):
    calm.run(5, **latency(0.5))
    calm.manual[KEY] = 2.0
    calm.run(3, **latency(0.5))
    assert KEY not in calm.active


def test_a_label_sets_a_threshold_below_what_would_be_learned(calm):
    calm.entities[SHOP] = Entity.of("Service", "shop", attributes={"causely.io/latency-threshold": "10"})
    calm.run(5, **latency(0.02))
    assert calm.active[KEY].baseline.threshold == 0.01


def test_the_symptom_clears_when_requests_stop_for_long(calm):
    calm.run(5, **latency(0.5))
    calm.run(14, cpu_utilization=0.1)
    assert KEY in calm.active
    calm.run(3, cpu_utilization=0.1)
    assert KEY not in calm.active
    assert not calm.log[-1].active


def test_the_symptom_of_an_entity_that_is_gone_clears(calm):
    calm.run(5, **latency(0.5))
    calm.buffer.expire(before=calm.now + 1.0)
    calm.run(30, cpu_utilization=0.1)
    assert KEY not in calm.active


def test_a_call_edge_is_not_judged(calm):
    edge = Series(SHOP, "request_duration.p95", "Service:default/web")
    for _ in range(40):
        calm.feed({edge: 3.0, Series(SHOP, "request_duration.p95"): 0.005})
    assert calm.log == []


def test_a_surge_that_stays_becomes_normal():
    world = Simulation()
    world.run(60, request_rate=10.0)
    assert world.seconds_until("RequestRate_High", request_rate=100.0) <= 8.0
    world.run(500, request_rate=100.0)
    assert world.active == {}


def test_a_symptom_of_another_detector_is_left_alone(calm):
    calm.run(5, **latency(0.5))
    stranger = ThresholdDetector("stranger", SLOW, "request_duration.p95", Thresholds(100.0))
    window = Window(calm.now, calm.buffer.window(["request_duration.p95"], calm.now), calm.active)
    assert list(stranger.detect(window)) == []


def test_a_window_without_the_attribute_is_no_news():
    detector = ThresholdDetector("d", "S_High", "x", Thresholds(1.0, Learning(2.0, 6.0, 0.1)))
    assert list(detector.detect(Window(1.0, {}))) == []
    assert (detector.attributes, detector.symptoms) == (("x",), {"S_High": "x"})


def table(values: list[list[float]]) -> AttributeWindow:
    rows = np.array(values)
    times = np.broadcast_to(np.arange(rows.shape[1]) * 2.0, rows.shape).copy()
    return AttributeWindow(tuple(Series(EntityId(f"S:{row}"), "x") for row in range(len(rows))), times, rows)


DETECTOR = ThresholdDetector("d", "S_High", "x", Thresholds(1.0, Learning(2.0, 6.0, 0.05)), Hysteresis(3, 4, 3))
histories = st.lists(st.lists(st.floats(0.0, 10.0), min_size=24, max_size=24), min_size=1, max_size=8)


@given(histories, st.randoms())
def test_the_order_of_rows_changes_nothing(values, random):
    seen = table(values)
    order = list(range(len(values)))
    random.shuffle(order)
    mixed = AttributeWindow(tuple(seen.series[row] for row in order), seen.times[order], seen.values[order])
    one, other = (list(DETECTOR.detect(Window(46.0, {"x": window}))) for window in (seen, mixed))
    assert sorted(map(repr, one)) == sorted(map(repr, other))


@given(st.floats(0.0, 0.99), st.integers(1, 60))
def test_a_constant_never_breaks(value, samples):
    assert list(DETECTOR.detect(Window(samples * 2.0, {"x": table([[value] * samples])}))) == []


@given(histories, st.sampled_from([0.25, 4.0, 1024.0]))
def test_another_unit_gives_the_same_verdict(values, unit):
    scaled = ThresholdDetector(
        "d", "S_High", "x", Thresholds(1.0 * unit, Learning(2.0, 6.0, 0.05 * unit)), Hysteresis(3, 4, 3)
    )
    one = DETECTOR.detect(Window(46.0, {"x": table(values)}))
    other = scaled.detect(Window(46.0, {"x": table((np.array(values) * unit).tolist())}))
    assert [(s.entity, s.onset) for s in one] == [(s.entity, s.onset) for s in other]


@settings(max_examples=25, deadline=None)
@given(st.floats(0.02, 1.0), st.integers(20, 60))
def test_ten_times_as_slow_is_always_found_and_over_when_it_ends(normal, history):
    world = Simulation(detectors=(DETECTOR,), buffer=WindowBuffer(samples=80))

    def run(value: float, steps: int) -> None:
        for _ in range(steps):
            world.feed({Series(SHOP, "x"): value})

    run(normal, history)
    run(normal * 10.0, 3)
    assert SymptomKey(SHOP, "S_High") in world.active
    run(normal, 3)
    assert world.active == {}


def test_old_samples_raise_nothing():
    buffer = WindowBuffer()
    rows = [Observation(Series(SHOP, "x"), 10.0 * step, 5.0) for step in range(4)]
    buffer.append(ObservationBatch.of(rows))
    late = Window(45.0, buffer.window(["x"], 45.0))
    assert list(DETECTOR.detect(late)) == []
