"""The guard of the process's memory, with what it reads given by the test."""

import os

import pytest
import structlog
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from causely_core.hookspecs import MemoryPressure
from causely_core.services.agent.memory import GRACE, MemoryExceededError, MemoryGuard, resident_memory

MIB = 1 << 20
NONE, HOLD, SHED = MemoryPressure


class Taking:
    """A guard with a limit of 100 MiB, and what the process takes at each look, one second apart."""

    def __init__(self):
        self.now = self.mib = 0.0
        self.guard = MemoryGuard(100 * MIB, structlog.get_logger(), lambda: int(self.mib * MIB))

    def look(self, mib):
        self.now, self.mib = self.now + 1.0, mib
        self.guard.look(self.now)
        return self.guard.pressure()


@pytest.fixture
def taking():
    return Taking()


def test_pressure_begins_near_the_limit_and_ends_only_well_below_where_it_began(taking):
    assert [taking.look(mib) for mib in (10, 79, 80, 76, 74, 79)] == [NONE, NONE, HOLD, HOLD, NONE, NONE]


def test_shedding_is_called_for_once_and_again_only_if_memory_grows_nevertheless(taking):
    flat = [taking.look(91) for _ in range(8)]
    assert flat == [SHED] * 3 + [HOLD] * 5
    assert taking.look(91.5) is HOLD
    assert taking.look(92.5) is SHED


def test_above_the_limit_shedding_goes_on(taking):
    assert {taking.look(101) for _ in range(int(GRACE))} == {SHED}


def test_a_process_that_stays_above_its_limit_ends_with_a_line_that_says_so(taking):
    for _ in range(int(GRACE)):
        taking.look(130)
    with pytest.raises(MemoryExceededError, match=r"^resident memory of 130 MiB .*memory_limit, 100 MiB") as ends:
        taking.look(130)
    assert ends.value.exit_code == os.EX_TEMPFAIL


def test_a_peak_does_not_end_it(taking):
    for _ in range(3):
        for mib in (*[130] * int(GRACE), 90):
            taking.look(mib)
    assert taking.guard.pressure() is SHED


def test_metrics_tell_usage_limit_pressure_and_collections(taking):
    reader = InMemoryMetricReader()
    taking.guard.instrument(MeterProvider([reader]).get_meter("test"))
    taking.look(85)
    (scope,) = reader.get_metrics_data().resource_metrics[0].scope_metrics
    told = {each.name.removeprefix("causely.memory."): each.data.data_points[0].value for each in scope.metrics}
    assert told == {"usage": 85 * MIB, "limit": 100 * MIB, "pressure": 1, "collections": 1}


def test_what_is_read_grows_with_what_is_held():
    before = resident_memory()
    held = bytearray(os.urandom(MIB)) * 32
    assert resident_memory() - before > 30 * MIB
    assert len(held) == 32 * MIB
