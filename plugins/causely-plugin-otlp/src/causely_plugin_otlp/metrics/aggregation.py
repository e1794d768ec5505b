"""Aggregation: the streams of all instances as the one value of an entity's attribute."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import groupby
from math import isfinite
from statistics import fmean
from typing import TypeAlias

from causely_plugin_otlp.metrics.buckets import Buckets, quantile
from causely_plugin_otlp.metrics.rules import Over, Part
from causely_plugin_otlp.metrics.streams import Stream

Combine: TypeAlias = Callable[[Iterable[float]], float]

ACROSS: dict[str, Combine] = {
    "cpu_utilization": max,
    "cpu_usage": max,
    "memory_usage": max,
    "memory_utilization": max,
    "open_file_descriptors": max,
    "thread_count": max,
    "disk_utilization": max,
    "connection_pool.utilization": max,
    "connection_pool.pending": sum,
    "connection_pool.timeout_rate": sum,
    "backlog": sum,
}
"""How the instances of an entity become one value. The largest where one instance that leaks or runs hot must
show; the sum of what adds up to the load of all. Of histograms, the counts of all instances are merged."""

_OVER: dict[Over, Combine] = {Over.SUM: sum, Over.MEAN: fmean, Over.MAX: max}
_QUANTILE = 0.95


def value_of(attribute: str, streams: Iterable[Stream]) -> float | None:
    """The value of an attribute, or none when the streams do not tell.

    Call it once a flush: it takes what the streams have counted since the last call.

    Args:
        attribute: of docs/attributes.md.
        streams: all that tell it of one entity.
    """
    ranked = sorted(streams, key=_rank)
    by_instance: dict[str, list[Stream]] = defaultdict(list)
    counted: Buckets = {}
    for _, of_rule in groupby(ranked, key=_rank):
        found = _merged(stream.settle() for stream in of_rule)
        counted = counted or found
    if counted:
        return _finite(quantile(counted, _QUANTILE))
    for stream in ranked:
        if stream.level is not None:
            by_instance[stream.instance].append(stream)
    values = [value for held in by_instance.values() if (value := _of_instance(held)) is not None]
    return _finite(ACROSS.get(attribute, max)(values)) if values else None


def _of_instance(ranked: list[Stream]) -> float | None:
    """What the first rule says that has all it needs."""
    limits = _groups([stream for stream in ranked if stream.rule.part is Part.LIMIT])
    for _, streams in groupby(ranked, key=_rank):
        held = list(streams)
        rule = held[0].rule
        if rule.part is Part.LIMIT:
            continue
        groups = _groups(held)
        if rule.part is Part.USED:
            groups = {key: used / limits[key] for key, used in groups.items() if limits.get(key, 0) > 0}
        if groups:
            return _OVER[rule.over](groups.values())
    return None


def _groups(ranked: list[Stream]) -> dict[str, float]:
    """Sums by group, of the streams of the first rule."""
    sums: dict[str, float] = defaultdict(float)
    for stream in ranked:
        if stream.level is not None and stream.rule.rank == ranked[0].rule.rank:
            sums[stream.group] += max(0.0, stream.level)
    return sums


def _merged(parts: Iterable[Buckets]) -> Buckets:
    merged: Buckets = {}
    for part in parts:
        for bounds, count in part.items():
            merged[bounds] = merged.get(bounds, 0) + count
    return merged


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None


def _rank(stream: Stream) -> int:
    return stream.rule.rank
