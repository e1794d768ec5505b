"""How many connections are followed as memory gets short, and which are taken up again."""

import numpy as np
import pytest
from causely_plugin_ebpf import records
from causely_plugin_ebpf.connection import Address
from causely_plugin_ebpf.shedding import CALM, FEWEST, TURN, Shedding, resumable
from hypothesis import given
from hypothesis import strategies as st

from causely_core.hookspecs import MemoryPressure

from .makers import ip

NONE, HOLD, SHED = MemoryPressure


def test_all_that_may_be_is_followed_while_there_is_memory():
    shedding = Shedding(8000)
    assert shedding.adapt(NONE, 10, 0.0) == 8000
    assert not shedding.short


def test_under_pressure_no_more_are_followed_than_when_it_began():
    shedding = Shedding(8000)
    limits = [shedding.adapt(HOLD, followed, at * TURN) for at, followed in enumerate([4000, 3000, 4000])]
    assert limits == [4000, 4000, 4000]
    assert shedding.short


def test_shedding_takes_an_eighth_a_turn_and_leaves_a_few():
    shedding = Shedding(8000)
    assert [shedding.adapt(SHED, 4000, at * TURN / 2) for at in range(4)] == [3500, 3500, 3062, 3062]
    for turn in range(3, 40):
        shedding.adapt(SHED, 4000, turn * TURN)
    assert shedding.limit == FEWEST


def test_after_it_was_calm_for_some_time_more_are_followed_little_by_little():
    shedding = Shedding(8000)
    shedding.adapt(SHED, 4000, 0.0)
    assert [shedding.adapt(NONE, 3500, at) for at in (TURN, CALM - 0.1)] == [3500, 3500]
    assert [shedding.adapt(NONE, 3500, CALM + turn * TURN) for turn in range(3)] == [3750, 4000, 4250]
    for turn in range(3, 40):
        shedding.adapt(NONE, 3500, CALM + turn * TURN)
    assert shedding.limit == 8000
    assert not shedding.short


@given(st.integers(1, 70_000), st.lists(st.tuples(st.sampled_from(MemoryPressure), st.integers(0, 70_000))))
def test_the_limit_stays_within_bounds(most, story):
    shedding = Shedding(most)
    for turn, (pressure, followed) in enumerate(story):
        assert min(FEWEST, most) <= shedding.adapt(pressure, followed, turn * 3.0) <= most


@pytest.fixture
def table():
    """The kernel's table with four connections, of which two were shed."""
    found = np.zeros(4, records.CONN)
    found["id"], found["tgid"], found["fd"] = range(1, 5), 7, range(3, 7)
    found["role"], found["since"] = records.CLIENT, 9
    found["muted"] = [records.TOLD, records.SHED, records.MUTED, records.SHED]
    for end, address, port in (("local", "10.0.0.2", 4321), ("remote", "10.0.0.1", 80)):
        found[end]["family"], found[end]["port"] = 2, port
        found[end]["ip"] = np.frombuffer(ip(address), "V16")
    return np.arange(100, 104, dtype=np.uint64), found


def test_what_was_shed_is_resumed_as_it_was_and_what_is_mute_for_good_is_not(table):
    first, second = resumable(*table, 10)
    assert (first.id, first.pid, first.fd, first.role, first.opened, first.key) == (2, 7, 4, records.CLIENT, 9, 101)
    assert (first.local, first.remote) == (Address("10.0.0.2", 4321), Address("10.0.0.1", 80))
    assert second.id == 4


def test_no_more_are_resumed_than_there_is_room_for(table):
    assert [each.id for each in resumable(*table, 1)] == [2]
