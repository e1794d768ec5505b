"""Batches in a fixed order, and series that several have written as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from causely_core.model import ObservationBatch, Series

Floats = NDArray[np.float64]

STALE = 60.0
"""Seconds after which a writer that tells nothing more of a series does not count any longer."""


def joined(parts: Iterable[tuple[Series, Floats, Floats]]) -> ObservationBatch:
    """One batch out of ``(series, times, values)``, sorted by entity, attribute and peer, then time."""
    ordered = sorted(parts, key=lambda part: (part[0].entity, part[0].attribute, part[0].peer))
    sorts = [np.argsort(times, kind="stable") for _, times, _ in ordered]
    rows = tuple(series for series, times, _ in ordered for _ in range(len(times)))
    times = [part[1][sort] for part, sort in zip(ordered, sorts, strict=True)]
    values = [part[2][sort] for part, sort in zip(ordered, sorts, strict=True)]
    return ObservationBatch(rows, _concatenated(times), _concatenated(values))


def largest(parts: Sequence[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """One series of what several have written: at every time of a sample the largest of their latest values.

    So it is among the instances of a service on one machine, too: the one that leaks, runs hot or fails must show, and
    what two have seen counts once.

    Args:
        parts: times and values of each writer, at least one.
    """
    if len(parts) == 1:
        return parts[0]
    at = np.unique(np.concatenate([times for times, _ in parts]))
    return at, np.fmax.reduce([_latest(times, values, at) for times, values in parts])


def _latest(times: Floats, values: Floats, at: Floats) -> Floats:
    """The latest value of a writer at each time; not a number where there is none of late."""
    order = np.argsort(times, kind="stable")
    last = np.searchsorted(times[order], at, side="right") - 1
    told = (last >= 0) & (at - times[order][last] <= STALE)
    return np.where(told, values[order][last], np.nan)


def _concatenated(columns: list[Floats]) -> Floats:
    return np.concatenate(columns) if columns else np.empty(0)
