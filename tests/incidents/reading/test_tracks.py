"""Rows become one track a series, in whatever order they come."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from causely_core.incidents.reading.columns import Columns
from causely_core.incidents.reading.names import Names
from causely_core.incidents.reading.tracks import tracks_of

NAMES = st.sampled_from(["a", "b", "c"])
ROWS = st.lists(st.tuples(st.integers(0, 5), NAMES, NAMES, st.floats(0.0, 9.0) | st.just(math.nan)), max_size=30)


def columns(rows):
    times, entities, attributes, values = ([row[part] for row in rows] for part in range(4))
    return Columns(np.array(times, float), Names.of(entities), Names.of(attributes), np.array(values, float))


@given(ROWS)
def test_each_series_has_its_last_value_at_each_time_in_order(rows):
    expected = {}
    for time, entity, attribute, value in rows:
        if not math.isnan(value):
            expected.setdefault((entity, attribute), {})[float(time)] = value
    found = {
        (track.series.entity, track.series.attribute): dict(
            zip(track.times.tolist(), track.values.tolist(), strict=True)
        )
        for track in tracks_of(columns(rows))
    }
    assert found == expected


@given(ROWS)
def test_tracks_are_sorted_and_so_are_their_times(rows):
    found = list(tracks_of(columns(rows)))
    keys = [(track.series.entity, track.series.attribute) for track in found]
    assert keys == sorted(set(keys))
    assert all(np.all(np.diff(track.times) > 0.0) for track in found)
