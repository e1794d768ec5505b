from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causely_core.detection.binomial import tail, wilson
from causely_core.model import Entity, SymptomKey, ThresholdSource

from .simulation import SHOP, Simulation

FAILING = "RequestErrorRate_High"
KEY = SymptomKey(SHOP, FAILING)


def world(requests: float, history: int = 100, share: float = 0.0) -> Simulation:
    simulation = Simulation()
    simulation.run(history, error_rate=share, request_count=requests)
    return simulation


@pytest.mark.parametrize("history", [0, 20, 100])
def test_half_of_three_requests_a_second_failing_is_noticed_within_eight_seconds(history):
    leaf = world(6, history)
    assert leaf.seconds_until(FAILING, error_rate=0.5, request_count=6) <= 8.0
    assert leaf.seconds_until(FAILING, active=False, error_rate=0.0, request_count=6) <= 20.0


def test_two_percent_of_many_requests_are_a_break():
    assert world(400).seconds_until(FAILING, error_rate=0.02, request_count=400) <= 8.0


def test_one_error_in_three_requests_is_chance():
    leaf = world(3)
    for _ in range(30):
        leaf.step(error_rate=1 / 3, request_count=3)
        leaf.run(12, error_rate=0.0, request_count=3)
    assert leaf.log == []


def test_usual_errors_are_usual():
    shop = world(50, 100, share=0.02)
    shop.run(50, error_rate=0.02, request_count=50)
    assert shop.log == []


def test_without_request_counts_each_sample_counts_as_one_request():
    shop = Simulation()
    shop.run(60, error_rate=0.0)
    assert shop.seconds_until(FAILING, error_rate=1.0) <= 10.0


def test_unreachable_is_judged_alike():
    shop = Simulation()
    shop.run(60, unreachable_rate=0.0, call_count=10)
    assert shop.seconds_until("Reachability_Low", unreachable_rate=1.0, call_count=10) <= 6.0


def test_the_value_is_the_pooled_share_and_the_onset_the_first_failing_sample():
    shop = world(10)
    shop.run(6, error_rate=0.5, request_count=10)
    found = shop.active[KEY]
    assert found.onset == 1_000.0 + 101 * 2.0
    assert 0.0 < found.value <= 0.5
    assert found.baseline.source is ThresholdSource.LEARNED


def test_a_person_may_allow_more():
    shop = world(10)
    shop.manual[KEY] = 0.8
    shop.run(20, error_rate=0.5, request_count=10)
    assert shop.log == []


def test_a_label_may_allow_less():
    shop = world(2000, 100, share=0.002)
    shop.entities[SHOP] = Entity.of("Service", "shop", attributes={"causely.io/error-rate-threshold": "0.001"})
    assert shop.seconds_until(FAILING, error_rate=0.004, request_count=2000) <= 8.0


def test_the_symptom_clears_after_half_a_minute_without_requests():
    shop = world(10)
    shop.run(6, error_rate=0.5, request_count=10)
    shop.run(16, cpu_utilization=0.1)
    assert KEY not in shop.active


@given(st.integers(0, 1000), st.integers(1, 1000), st.floats(0.1, 6.0))
def test_wilson_bounds_enclose_the_share(events, trials, z):
    share = min(events / trials, 1.0)
    low, high = wilson(events, trials, z)
    assert 0.0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1.0


@pytest.mark.parametrize(
    ("events", "trials", "share", "expected"),
    [
        (1, 2, 0.1, 0.19),
        (3, 3, 0.5, 0.125),
        (0, 5, 0.0, 1.0),
        (1, 5, 0.0, 0.0),
        (5, 5, 1.0, 1.0),
        (6, 5, 0.5, 0.0),
    ],
)
def test_the_tail_is_exact(events, trials, share, expected):
    assert tail(events, trials, share) == pytest.approx(expected)


def test_below_the_expected_number_the_tail_proves_nothing():
    assert tail(1, 100, 0.5) == 1.0
    assert wilson(0, 0, 2.0) == (0.0, 1.0)
