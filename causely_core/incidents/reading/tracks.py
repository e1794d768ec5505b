"""From rows in any order to one track a series."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from attrs import evolve

from causely_core.incidents.incident import Track
from causely_core.incidents.reading.columns import Columns
from causely_core.model import EntityId, Series


def tracks_of(columns: Columns) -> Iterator[Track]:
    """One track for each entity and attribute, sorted by them; of rows with the same time the last counts."""
    numbers: dict[tuple[str, str], int] = {}
    keys = zip(columns.entities, columns.attributes, strict=True)
    of_row = np.fromiter((numbers.setdefault(key, len(numbers)) for key in keys), np.int64, len(columns.times))
    known = np.flatnonzero(np.isfinite(columns.values) & np.isfinite(columns.times))
    order = known[np.lexsort((columns.times[known], of_row[known]))]
    series, times, values = of_row[order], columns.times[order], columns.values[order]
    last = np.ones(len(order), dtype=np.bool_)
    last[:-1] = (np.diff(series) != 0) | (np.diff(times) != 0.0)
    series, times, values = series[last], times[last], values[last]
    starts = np.searchsorted(series, np.arange(len(numbers) + 1))
    for (entity, attribute), number in sorted(numbers.items()):
        rows = slice(starts[number], starts[number + 1])
        if rows.start < rows.stop:
            yield Track(Series(EntityId(entity), attribute), times[rows], values[rows])


_SAYS = {"availability": "error_rate"}
"""Attribute to the one that it says in other words."""


def merged(measured: Iterable[Track], *derived: Iterable[Track]) -> tuple[Track, ...]:
    """All tracks, sorted; what was measured, if in other words, wins over what other files say of the same."""
    found = {track.series: track for track in measured}
    said = {*found, *(evolve(each, attribute=_SAYS[each.attribute]) for each in found if each.attribute in _SAYS)}
    found |= {track.series: track for tracks in derived for track in tracks if track.series not in said}
    return tuple(found[series] for series in sorted(found, key=lambda each: (each.entity, each.attribute)))
