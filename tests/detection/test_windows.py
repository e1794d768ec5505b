from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from causely_core.detection import WindowBuffer
from causely_core.model import EntityId, Observation, ObservationBatch, Series

CPU = Series(EntityId("Node:a"), "cpu")
DISK = Series(EntityId("Node:b"), "cpu")


def batch(*rows: tuple[Series, float, float]) -> ObservationBatch:
    return ObservationBatch.of(Observation(*row) for row in rows)


def shown(buffer: WindowBuffer, attribute: str = "cpu", now: float = 0.0) -> dict[Series, list[tuple[float, float]]]:
    window = buffer.window([attribute], now or 1e6).get(attribute)
    if window is None:
        return {}
    rows = zip(window.series, window.times, window.values, strict=True)
    return {
        series: [(time, value) for time, value in zip(times.tolist(), values.tolist(), strict=True) if time == time]
        for series, times, values in rows
    }


@st.composite
def feeds(draw: st.DrawFn) -> list[list[tuple[int, int]]]:
    row = st.tuples(st.integers(0, 4), st.integers(0, 60))
    return draw(st.lists(st.lists(row, max_size=12), max_size=25))


@given(feeds(), st.integers(1, 12))
def test_a_window_shows_the_newest_samples_of_each_series(feed, samples):
    buffer = WindowBuffer(samples=samples)
    expected: dict[Series, list[tuple[float, float]]] = {}
    dropped = 0
    for number, rows in enumerate(feed):
        series = [(Series(EntityId(f"Pod:{who}"), "cpu"), float(time), float(number)) for who, time in rows]
        buffer.append(batch(*series))
        for name, time, value in sorted(series, key=lambda row: row[1]):
            seen = expected.setdefault(name, [])
            if seen and time <= seen[-1][0]:
                dropped += 1
            else:
                seen.append((time, value))
        assert shown(buffer) == {name: seen[-samples:] for name, seen in expected.items()}
    assert buffer.dropped == dropped


def test_the_newest_sample_is_in_the_last_column_and_the_rest_is_nan():
    buffer = WindowBuffer()
    for time in (1.0, 3.0, 5.0):
        buffer.append(batch((CPU, time, time)))
    buffer.append(batch((DISK, 4.0, 9.0)))
    window = buffer.window(["cpu"], 5.0)["cpu"]
    assert window.series == (CPU, DISK)
    assert window.values[:, -1].tolist() == [5.0, 9.0]
    assert np.isnan(window.values[1, :-1]).all()


def test_a_window_cannot_be_written_to_and_outlives_appends():
    buffer = WindowBuffer(samples=4)
    buffer.append(batch((CPU, 1.0, 1.0)))
    window = buffer.window(["cpu"], 1.0)["cpu"]
    for time in range(2, 40):
        buffer.append(batch((CPU, float(time), 0.0)))
        buffer.window(["cpu"], 100.0)
    assert window.values.tolist() == [[1.0]]
    with pytest.raises(ValueError, match="read-only"):
        window.values[0, 0] = 2.0


def test_samples_that_are_not_finite_are_dropped_and_counted():
    buffer = WindowBuffer()
    buffer.append(batch((CPU, 1.0, float("nan")), (CPU, 2.0, float("inf")), (CPU, 3.0, 1.0)))
    assert shown(buffer) == {CPU: [(3.0, 1.0)]}
    assert buffer.dropped == 2


def test_an_empty_batch_and_an_unknown_attribute_are_nothing():
    buffer = WindowBuffer()
    buffer.append(batch())
    assert buffer.window(["cpu"], 1.0) == {}
    assert buffer.watched() == {}


def test_newcomers_beyond_the_limit_are_refused_while_the_known_ones_are_alive():
    buffer = WindowBuffer(max_series=1, ttl=60.0)
    buffer.append(batch((CPU, 1.0, 1.0)))
    buffer.append(batch((DISK, 10.0, 1.0)))
    assert list(shown(buffer)) == [CPU]
    assert buffer.dropped == 1


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=60))
def test_shallow_series_take_a_tenth_of_the_room(arrivals):
    buffer = WindowBuffer(samples=20, max_series=2, ttl=60.0, depths={"not_ready": 2})
    kept, room = set(), 20
    for time, (who, deep) in enumerate(arrivals):
        series = Series(EntityId(f"Pod:{who}"), "cpu" if deep else "not_ready")
        buffer.append(batch((series, float(time), 1.0)))
        if series not in kept and room >= (10 if deep else 1):
            kept.add(series)
            room -= 10 if deep else 1
    assert len(buffer) == len(kept)


def test_newcomers_may_be_kept_out_for_a_while():
    buffer = WindowBuffer()
    buffer.append(batch((CPU, 1.0, 1.0)))
    buffer.append(batch((CPU, 2.0, 2.0), (DISK, 2.0, 2.0)), admit=False)
    assert shown(buffer) == {CPU: [(1.0, 1.0), (2.0, 2.0)]}
    assert buffer.refused == buffer.dropped == 1
    buffer.append(batch((DISK, 3.0, 3.0)))
    assert shown(buffer)[DISK] == [(3.0, 3.0)]


def test_silent_series_make_room():
    buffer = WindowBuffer(max_series=1, ttl=60.0)
    buffer.append(batch((CPU, 1.0, 1.0)))
    buffer.append(batch((DISK, 100.0, 1.0)))
    assert list(shown(buffer)) == [DISK]
    assert buffer.dropped == 0


def test_expired_series_are_forgotten_and_the_others_keep_their_past():
    buffer = WindowBuffer()
    buffer.append(batch((CPU, 1.0, 1.0), (DISK, 1.0, 2.0)))
    buffer.append(batch((DISK, 9.0, 3.0)))
    assert buffer.expire(before=5.0) == 1
    buffer.append(batch((DISK, 10.0, 4.0)))
    assert shown(buffer) == {DISK: [(1.0, 2.0), (9.0, 3.0), (10.0, 4.0)]}
    assert buffer.watched() == {DISK.entity: frozenset({"cpu"})}
    assert len(buffer) == 1


def test_a_clock_far_ahead_does_not_block_its_series():
    buffer = WindowBuffer()
    buffer.append(batch((CPU, 1e9, 1.0)))
    assert shown(buffer, now=100.0) == {}
    buffer.append(batch((CPU, 101.0, 2.0)))
    assert shown(buffer, now=101.0) == {CPU: [(101.0, 2.0)]}


def test_single_call_edges_and_unwanted_attributes_are_not_kept():
    buffer = WindowBuffer(attributes={"cpu"})
    edge, unwanted = Series(CPU.entity, "cpu", "Service:x"), Series(CPU.entity, "thread_count")
    buffer.append(batch((edge, 1.0, 1.0), (CPU, 1.0, 2.0), (unwanted, 1.0, 3.0)))
    assert shown(buffer) == {CPU: [(1.0, 2.0)]}
    assert buffer.watched() == {CPU.entity: {"cpu"}}
    assert buffer.dropped == 0


def test_what_is_never_looked_at_stays_bounded():
    buffer = WindowBuffer(samples=4, max_series=2)
    for time in range(100):
        buffer.append(batch((CPU, float(time), 1.0)))
    assert [time for time, _ in shown(buffer)[CPU]] == [96.0, 97.0, 98.0, 99.0]
