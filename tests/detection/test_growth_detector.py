from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from causely_core.detection.trend import rise

from .simulation import Simulation

MIB = 2.0**20
LEAK, BACKLOG = "MemoryUsage_Growing", "Backlog_Growing"


def names(world: Simulation) -> set[str]:
    return {symptom.name for symptom in world.active.values()}


def leak(world: Simulation, mib_a_sample: float, steps: int, start: float = 200.0) -> None:
    for step in range(steps):
        world.step(memory_usage=(start + mib_a_sample * step) * MIB)


def test_a_leak_is_found_soon_and_is_over_when_it_stops():
    world = Simulation()
    world.run(40, memory_usage=200 * MIB)
    leak(world, 16.0, 10)
    assert names(world) == {LEAK}
    found = next(iter(world.active.values()))
    assert found.baseline.center == 200 * MIB
    assert found.onset <= 1_000 + 44 * 2
    assert world.seconds_until(LEAK, active=False, memory_usage=360 * MIB) <= 16.0


def test_a_restart_ends_it():
    world = Simulation()
    world.run(40, memory_usage=200 * MIB)
    leak(world, 16.0, 12)
    assert world.seconds_until(LEAK, active=False, memory_usage=150 * MIB) <= 4.0


def test_a_slow_leak_is_found_later():
    world = Simulation()
    world.run(300, memory_usage=200 * MIB)
    leak(world, 1.0, 200)
    assert names(world) == {LEAK}


def test_starting_up_is_no_leak():
    world = Simulation()
    for step in range(90):
        world.step(memory_usage=(50 + 400 * (1 - math.exp(-step / 15))) * MIB)
    assert world.log == []


def test_a_sawtooth_is_no_leak():
    world = Simulation()
    for step in range(900):
        world.step(memory_usage=(300 + 20 * (step % 20)) * MIB)
    assert world.log == []


def test_the_end_of_a_silent_series_ends_it():
    world = Simulation()
    world.run(40, memory_usage=200 * MIB)
    leak(world, 16.0, 12)
    world.run(20, cpu_utilization=0.1)
    assert world.active == {}


def test_a_backlog_that_is_not_worked_off():
    world = Simulation()
    world.run(30, backlog=1.0)
    for step in range(9):
        world.step(backlog=1.0 + 5.0 * step)
    assert names(world) == {BACKLOG}
    assert world.seconds_until(BACKLOG, active=False, backlog=0.0) <= 4.0


def test_a_noisy_backlog_is_no_growth():
    random, world = np.random.default_rng(3), Simulation()
    for backlog in random.poisson(4.0, 2000):
        world.step(backlog=float(backlog))
    assert world.log == []


@given(st.floats(-100.0, 100.0), st.floats(0.01, 50.0))
def test_a_straight_line_rises_by_its_slope(start, slope):
    times = np.arange(8.0)[None]
    tau, total = rise(times, start + slope * times)
    assert tau[0] == 1.0
    assert total[0] == pytest.approx(7 * slope)


def test_one_outlier_does_not_bend_the_rise():
    times = np.arange(8.0)[None]
    values = times.copy()
    values[0, 3] = 1_000.0
    tau, total = rise(times, values)
    assert tau[0] > 0.5
    assert total[0] == pytest.approx(7.0, rel=0.3)
