from __future__ import annotations

import pickle

import numpy as np
import pytest
from attrs import evolve

from causely_core.detection import ThresholdDetector, Thresholds, builtin_detectors, fold, judge_one
from causely_core.hookspecs import SymptomDetector
from causely_core.model import Baseline, EntityId, Series, Symptom, ThresholdSource, Window

from .simulation import SHOP, Simulation

LATE = Symptom(SHOP, "A_High", True, 1.0, 2.0, 0.5, "a", 10.0, Baseline(1.0, 5.0, ThresholdSource.LEARNED), "d")


def test_a_new_symptom_is_a_change_and_then_no_more():
    first = fold({}, [LATE])
    assert (first.changes, dict(first.active)) == ((LATE,), {LATE.key: LATE})
    again = fold(first.active, [evolve(LATE, updated_at=4.0, value=11.0, severity=0.52)])
    assert again.changes == ()


@pytest.mark.parametrize(
    "news",
    [
        {"severity": 0.9},
        {"value": 20.0},
        {"value": 2.0},
        {"baseline": Baseline(1.0, 6.0, ThresholdSource.MANUAL)},
    ],
)
def test_what_differs_enough_is_a_change(news):
    worse = evolve(LATE, **news)
    assert fold({LATE.key: LATE}, [worse]).changes == (worse,)


def test_small_steps_add_up():
    active = {LATE.key: LATE}
    told = []
    for step in range(1, 8):
        judged = fold(active, [evolve(LATE, severity=0.5 + step * 0.05)])
        active, told = dict(judged.active), [*told, *judged.changes]
    assert len(told) == 2


def test_clearing_is_told_once_and_silence_keeps_the_state():
    over = evolve(LATE, active=False)
    judged = fold({LATE.key: LATE}, [over])
    assert (judged.changes, dict(judged.active)) == ((over,), {})
    assert fold({}, [over]).changes == ()
    assert fold({LATE.key: LATE}, []).active == {LATE.key: LATE}


def test_a_symptom_that_was_not_declared_is_an_error():
    class Liar(ThresholdDetector):
        def detect(self, window):
            return [LATE]

    liar = Liar("liar", "B_High", "b", Thresholds(1.0))
    with pytest.raises(ValueError, match="detector liar: symptom A_High is not declared; declared: B_High"):
        judge_one(liar, Window(1.0, {}))


def test_every_builtin_detector_is_what_a_plugin_would_bring():
    detectors = builtin_detectors()
    assert all(isinstance(detector, SymptomDetector) for detector in detectors)
    assert len({detector.name for detector in detectors}) == len(detectors)
    symptoms = [symptom for detector in detectors for symptom in detector.symptoms]
    assert len(symptoms) == len(set(symptoms))


def noisy(seed: int, steps: int, services: int = 6) -> Simulation:
    """Services of 3 requests a second on a busy machine that hiccups now and then."""
    random, world = np.random.default_rng(seed), Simulation()
    hiccup = np.zeros(services, dtype=int)
    for _ in range(steps):
        hiccup = np.where(random.random(services) < 0.004, random.integers(1, 3, services), np.maximum(hiccup - 1, 0))
        values: dict[Series, float] = {}
        for number in range(services):
            entity, count = EntityId(f"Service:{number}"), int(random.poisson(6)) + 1
            durations = random.lognormal(np.log(0.004 * 2.0**number), 0.6, count)
            extra = random.uniform(0.1, 0.2) if hiccup[number] else 0.0
            failed = random.binomial(count, 0.01 if number % 2 else 0.0)
            values |= {
                Series(entity, "request_duration.p95"): float(np.quantile(durations, 0.95)) + extra,
                Series(entity, "error_rate"): failed / count,
                Series(entity, "request_count"): float(count),
                Series(entity, "request_rate"): count / 2.0,
                Series(entity, "cpu_utilization"): min(1.0, float(random.lognormal(np.log(0.1), 0.4))),
                Series(entity, "backlog"): float(random.poisson(number)),
            }
        world.feed(values)
    return world


@pytest.mark.parametrize("seed", [1, 2])
def test_three_hours_of_noise_raise_next_to_nothing(seed):
    assert len({(change.key, change.onset) for change in noisy(seed, 5400).log}) <= 1


def test_a_replay_is_the_same_bit_for_bit():
    def replay() -> bytes:
        world = noisy(7, 40)
        for step in range(30):
            world.step(request_duration__p95=0.01 if step < 20 else 0.7, memory_usage=2e8)
        return pickle.dumps(world.log)

    assert replay() == replay()
    assert replay() != pickle.dumps([])
