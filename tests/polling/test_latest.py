"""The latest value of each series."""

from hypothesis import given
from hypothesis import strategies as st

from causely_core.model import EntityId, Observation, Series
from causely_core.polling import Latest

LAG, BACKLOG = (Series(EntityId("Queue:orders"), name) for name in ("replication_lag", "backlog"))


def told(latest, now):
    return [(row.time, row.value) for row in latest.batch(now)]


def test_a_value_is_told_as_that_of_now_until_it_is_too_old():
    latest = Latest(patience=300.0)
    latest.hear([Observation(LAG, 1000.0, 5.0)], 1100.0)
    assert told(latest, 1120.0) == [(1120.0, 5.0)]
    assert told(latest, 1300.0) == [(1300.0, 5.0)]
    assert told(latest, 1301.0) == []


def test_what_is_gradual_takes_as_long_as_it_took():
    latest = Latest(300.0, frozenset({"backlog"}))
    latest.hear([Observation(BACKLOG, 1000.0, 10.0), Observation(LAG, 1000.0, 10.0)], 1100.0)
    latest.hear([Observation(BACKLOG, 1060.0, 70.0), Observation(LAG, 1060.0, 70.0)], 1160.0)
    assert [value for _, value in told(latest, 1160.0)] == [10.0, 70.0]
    assert [value for _, value in told(latest, 1190.0)] == [40.0, 70.0]
    assert [value for _, value in told(latest, 1230.0)] == [70.0, 70.0]


def test_what_is_told_anew_of_the_same_time_counts():
    latest = Latest(patience=300.0)
    latest.hear([Observation(LAG, 1000.0, 5.0)], 1100.0)
    latest.hear([Observation(LAG, 1000.0, 7.0)], 1160.0)
    assert told(latest, 1160.0) == [(1160.0, 7.0)]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(-1000, 1000)), min_size=1, unique_by=lambda row: row[0]))
def test_the_newest_counts_in_whatever_order_they_come(rows):
    latest = Latest(patience=300.0)
    for time, value in rows:
        latest.hear([Observation(LAG, float(time), float(value))], 60.0)
    assert told(latest, 100.0) == [(100.0, float(max(rows)[1]))]
