"""How a settled system answers: conservation, and faults that travel the way they should."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from causely_core.incidents.simulation import draw_world
from causely_core.incidents.simulation.knobs import Knobs
from causely_core.incidents.simulation.steady import settle

SEEDS = st.integers(0, 2**32 - 1)


def world(seed, services=40):
    return draw_world(services, np.random.default_rng(seed))


@given(SEEDS, st.integers(3, 60))
@settings(deadline=None, max_examples=25)
def test_a_calm_system_has_room_everywhere_and_hardly_fails(seed, services):
    calm = world(seed, services).calm
    assert calm.load.max() < 0.6
    assert calm.pace.node_load.max() < 0.85
    assert calm.errors.max() < 0.1
    assert np.all(calm.published < calm.capacity)


@given(SEEDS)
@settings(deadline=None, max_examples=25)
def test_a_caller_is_no_faster_than_what_it_always_waits_for(seed):
    system = world(seed)
    calls, mean = system.blueprint.calls, system.calm.mean
    assert np.all(mean[calls.caller] >= 0.9 * np.minimum(calls.count, 1.0) * mean[calls.callee])


@given(SEEDS, st.integers(0, 10**6), st.floats(0.1, 3.0))
@settings(deadline=None, max_examples=25)
def test_what_slows_one_unit_makes_no_unit_faster_to_which_as_many_requests_come(seed, which, seconds):
    system = world(seed)
    knobs = Knobs(_of=system.blueprint)
    unit = which % len(knobs.wait)
    knobs.wait[unit] = seconds
    slowed = settle(system.blueprint, knobs)
    # A consumer that is too slow sends fewer requests on, which frees what answers them.
    assume(np.array_equal(slowed.rate, system.calm.rate))
    assert np.all(slowed.mean >= system.calm.mean * (1.0 - 1e-9))
    assert slowed.mean[unit] == pytest.approx(system.calm.mean[unit] + seconds, rel=0.5)


@given(SEEDS, st.integers(0, 10**6))
@settings(deadline=None, max_examples=25)
def test_what_fails_is_seen_only_by_those_who_call_it_directly_or_not(seed, which):
    system = world(seed)
    calls = system.blueprint.calls
    knobs = Knobs(_of=system.blueprint)
    unit = which % len(knobs.errors)
    knobs.errors[unit] = 0.5
    worse = np.flatnonzero(settle(system.blueprint, knobs).errors > system.calm.errors + 1e-9)
    reached = {unit}
    for _ in range(system.blueprint.depth):
        reached |= set(calls.caller[np.isin(calls.callee, list(reached))].tolist())
    assert set(worse.tolist()) <= reached
    assert unit in worse


def test_an_empty_pool_makes_requests_wait_and_fail():
    system = world(1)
    knobs = Knobs(_of=system.blueprint)
    service = int(np.nanargmax(system.calm.pool_load))
    knobs.pool[service] = system.calm.pool_load[service] / 1.5
    state = settle(system.blueprint, knobs)
    mine = system.blueprint.units.owner == service
    assert state.pool_load[service] == pytest.approx(1.5, rel=0.05)
    assert state.pool_wait[service] > 10.0 * system.calm.pool_wait[service]
    assert (state.errors - system.calm.errors)[mine].max() > 0.1


@given(SEEDS, st.integers(0, 10**6), st.floats(0.1, 3.0))
@settings(deadline=None, max_examples=25)
def test_what_a_unit_takes_by_itself_does_not_depend_on_what_it_calls(seed, which, seconds):
    system = world(seed)
    pooled = system.blueprint.services + system.blueprint.databases
    behind = np.flatnonzero(system.blueprint.units.owner >= pooled)  # nobody waits for a connection to these
    knobs = Knobs(_of=system.blueprint)
    unit = int(behind[which % len(behind)])
    knobs.wait[unit] = seconds
    state, others = settle(system.blueprint, knobs), np.arange(len(knobs.wait)) != unit
    assume(np.array_equal(state.rate, system.calm.rate))
    assert state.own[unit] == pytest.approx(system.calm.own[unit] + seconds)
    assert state.own[others] == pytest.approx(system.calm.own[others], rel=0.05)


@given(SEEDS, st.integers(0, 10**6))
@settings(deadline=None, max_examples=25)
def test_what_fails_is_its_own_failure_and_nobody_else_s(seed, which):
    system = world(seed)
    knobs = Knobs(_of=system.blueprint)
    unit = which % len(knobs.errors)
    knobs.errors[unit] = 0.5
    more = settle(system.blueprint, knobs).own_errors - system.calm.own_errors
    assert more[unit] > 0.4
    assert np.delete(more, unit).max() < 0.01
