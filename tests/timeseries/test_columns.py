"""Putting together what several have written of one series."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from causely_core.timeseries.columns import STALE, largest


def part(*samples):
    times, values = zip(*samples, strict=True)
    return np.array(times, dtype=float), np.array(values, dtype=float)


def put_together(*parts):
    times, values = largest(parts)
    return list(zip(times.tolist(), values.tolist(), strict=True))


def test_one_alone_is_as_it_was():
    assert put_together(part((1, 5), (2, 6))) == [(1, 5), (2, 6)]


def test_at_every_sample_the_largest_of_the_latest_counts():
    assert put_together(part((0, 1), (10, 4)), part((5, 3), (15, 2))) == [(0, 1), (5, 3), (10, 4), (15, 4)]


def test_who_tells_nothing_any_more_does_not_count():
    assert put_together(part((0, 9)), part((1, 2), (STALE, 2), (STALE + 1, 2))) == [
        (0, 9),
        (1, 9),
        (STALE, 9),
        (STALE + 1, 2),
    ]


samples = st.dictionaries(st.integers(0, 200), st.floats(0, 1e6), min_size=1).map(lambda found: part(*found.items()))


@given(st.lists(samples, min_size=2, max_size=4))
def test_no_sample_is_lost_and_none_is_below_what_was_told_just_then(parts):
    found = dict(put_together(*parts))
    assert found.keys() == {time for times, _ in parts for time in times}
    assert list(found) == sorted(found)
    for times, values in parts:
        for time, value in zip(times, values, strict=True):
            assert found[time] >= value
    assert set(found.values()) <= {value for _, values in parts for value in values}
