import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from causely_core.traffic.recorder import FAILED, OK, UNREACHABLE, Recorder

MILLISECOND = 10**6
ENDED = st.lists(st.tuples(st.sampled_from([OK, FAILED, FAILED | UNREACHABLE]), st.integers(1, 10**10)), max_size=20)


def test_a_request_counts_towards_every_row_of_its_slot():
    recorder = Recorder()
    code = recorder.slot(0, 2)
    recorder.record(code | FAILED, MILLISECOND)
    totals = recorder.drain(3)
    assert totals.count.tolist() == totals.failed.tolist() == [1, 0, 1]


def test_a_drain_starts_again_from_nothing():
    recorder = Recorder()
    code = recorder.slot(0)
    recorder.record(code, MILLISECOND)
    recorder.drain(1)
    assert recorder.drain(1).count.tolist() == [0]
    recorder.record(code, MILLISECOND)
    assert recorder.drain(1).count.tolist() == [1]


def test_a_slot_without_rows_counts_nothing():
    recorder = Recorder()
    recorder.record(recorder.slot(), MILLISECOND)
    assert recorder.drain(2).count.tolist() == [0, 0]


def test_nothing_at_all_can_be_drained():
    totals = Recorder().drain(0)
    assert totals.count.shape == (0,)
    assert totals.quantiles.shape == (0, 4)


def test_what_got_no_answer_has_no_part_in_durations():
    recorder = Recorder()
    code = recorder.slot(0)
    recorder.record(code | OK, 10 * MILLISECOND)
    recorder.record(code | FAILED | UNREACHABLE, 30_000 * MILLISECOND)
    totals = recorder.drain(1)
    assert totals.average[0] == pytest.approx(0.01)
    assert totals.quantiles[0] == pytest.approx([0.01] * 4, rel=0.03)
    assert (totals.count[0], totals.failed[0], totals.unreachable[0]) == (2, 1, 1)


def test_what_got_no_answer_took_its_time_all_the_same():
    recorder = Recorder()
    code = recorder.slot(0)
    recorder.record(code | OK, 10 * MILLISECOND)
    recorder.record(code | FAILED | UNREACHABLE, 30_000 * MILLISECOND)
    assert recorder.drain(1).seconds[0] == pytest.approx(30.01)


def test_without_any_answer_there_are_no_durations():
    recorder = Recorder()
    recorder.record(recorder.slot(0) | FAILED | UNREACHABLE, MILLISECOND)
    totals = recorder.drain(1)
    assert np.isnan(totals.average[0])
    assert np.isnan(totals.quantiles[0]).all()


def test_slots_are_made_anew_after_a_reset():
    recorder = Recorder()
    recorder.record(recorder.slot(0, 1), MILLISECOND)
    recorder.drain(2)
    recorder.reset()
    recorder.record(recorder.slot(1), MILLISECOND)
    assert recorder.drain(2).count.tolist() == [0, 1]


REQUESTS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from([OK, FAILED, FAILED | UNREACHABLE]), st.integers(0)))


@given(REQUESTS.map(lambda all: [(s, f, n % 2**50) for s, f, n in all]), st.sets(st.integers(0, 20)))
def test_compacting_at_any_time_changes_nothing(requests, compacted):
    whole, parts = Recorder(), Recorder()
    for recorder in (whole, parts):
        codes = [recorder.slot(row, 4) for row in range(4)]
        for at, (slot, flags, nanos) in enumerate(requests):
            recorder.record(codes[slot] | flags, nanos)
            if recorder is parts and at in compacted:
                recorder.compact()
    one, other = whole.drain(5), parts.drain(5)
    for name in ("count", "failed", "unreachable", "seconds", "average", "quantiles"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), nan_ok=True)
    assert one.count[4] == len(requests)


@given(ENDED, st.integers(1, 50))
def test_one_that_stands_for_many_counts_as_they_would(requests, weight):
    looked_at, all_of_them = Recorder(), Recorder()
    for recorder, times in ((looked_at, 1), (all_of_them, weight)):
        recorder.slot(0)
        for flags, nanos in requests * times:
            recorder.record(flags, nanos, weight // times)
    (found, wanted) = (recorder.drain(1) for recorder in (looked_at, all_of_them))
    assert found.count == wanted.count
    assert found.failed == wanted.failed
    assert np.array_equal(found.quantiles, wanted.quantiles, equal_nan=True)
