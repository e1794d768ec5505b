"""From rows in any order to one track a series."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
from attrs import evolve

from causely_core.incidents.incident import Track
from causely_core.incidents.reading.columns import Columns
from causely_core.model import EntityId, Series


def tracks_of(columns: Columns) -> Iterator[Track]:
    """One track for each entity and attribute, sorted by them; of rows with the same time the last counts."""
    entities, attributes = columns.entities.sorted(), columns.attributes.sorted()
    of_row = entities.places * len(attributes.known) + attributes.places
    known = np.flatnonzero(np.isfinite(columns.values) & np.isfinite(columns.times))
    order = known[np.lexsort((columns.times[known], of_row[known]))]
    series, times, values = of_row[order], columns.times[order], columns.values[order]
    last = np.ones(len(order), dtype=np.bool_)
    last[:-1] = (np.diff(series) != 0) | (np.diff(times) != 0.0)
    series, times, values = series[last], times[last], values[last]
    begins = np.flatnonzero(np.diff(series, prepend=-1))
    for first, stop in pairwise([*begins.tolist(), len(series)]):
        place, name = divmod(int(series[first]), len(attributes.known))
        id = EntityId(entities.known[place])
        yield Track(Series(id, attributes.known[name]), times[first:stop], values[first:stop])


_SAYS = {"availability": "error_rate"}
"""Attribute to the one that it says in other words."""


def merged(measured: Iterable[Track], *derived: Iterable[Track]) -> tuple[Track, ...]:
    """All tracks, sorted; what was measured, if in other words, wins over what other files say of the same."""
    found = {track.series: track for track in measured}
    said = {*found, *(evolve(each, attribute=_SAYS[each.attribute]) for each in found if each.attribute in _SAYS)}
    found |= {track.series: track for tracks in derived for track in tracks if track.series not in said}
    return tuple(found[series] for series in sorted(found, key=lambda each: (each.entity, each.attribute)))
