"""Answering the analyzer's evidence requests from the series that stay in the cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from causely_core.errors import UnavailableError
from causely_core.model import EntityId, Evidence, EvidenceItem, EvidenceRequest, ObservationBatch, Series
from causely_core.timeseries.store import TimeSeriesStore

POINTS_PER_SERIES = 60
"""More points than this are thinned out evenly: a chart in a diagnosis needs no more."""

POINT_BYTES = 16


async def gather(
    request: EvidenceRequest, store: TimeSeriesStore, called: Callable[[EntityId], Sequence[EntityId]]
) -> Evidence:
    """The requested series in the requested time, in the order asked for, thinned and cut to ``max_bytes``.

    Series seen by a single caller are left out: the totals tell the same in fewer bytes. While the store is
    away the answer is a refusal that says so.

    Args:
        request: with the names of entities.
        store: where agents have written series by the ids that they know.
        called: tells those of an entity, its name among them.
    """
    names = {id: name for name in request.entities for id in called(name)}
    try:
        batch = await store.read(tuple(names), request.attributes or None, request.start, request.end)
    except UnavailableError as problem:
        return Evidence(request.id, request.root_cause, refused=str(problem))
    items: list[EvidenceItem] = []
    spent = 0
    for item in _items(batch, names):
        spent += len(item.entity) + len(item.title) + POINT_BYTES * len(item.times)
        if spent > request.max_bytes:
            return Evidence(request.id, request.root_cause, tuple(items), truncated=True)
        items.append(item)
    return Evidence(request.id, request.root_cause, tuple(items))


def _items(batch: ObservationBatch, names: Mapping[EntityId, EntityId]) -> Iterator[EvidenceItem]:
    ranks = {id: rank for rank, id in enumerate(names)}
    rows: dict[Series, list[int]] = {}
    for row, series in enumerate(batch.series):
        if not series.peer:
            rows.setdefault(series, []).append(row)
    for series, indices in sorted(rows.items(), key=lambda pair: (ranks[pair[0].entity], pair[0].attribute)):
        kept = np.array(indices)[:: max(1, -(-len(indices) // POINTS_PER_SERIES))]
        times, values = batch.times[kept], batch.values[kept]
        yield EvidenceItem("series", names[series.entity], series.attribute, tuple(times), tuple(values))
