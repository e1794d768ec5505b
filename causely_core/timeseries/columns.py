"""Batches in a fixed order."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from causely_core.model import ObservationBatch, Series

Floats = NDArray[np.float64]


def joined(parts: Iterable[tuple[Series, Floats, Floats]]) -> ObservationBatch:
    """One batch out of ``(series, times, values)``, sorted by entity, attribute and peer, then time."""
    ordered = sorted(parts, key=lambda part: (part[0].entity, part[0].attribute, part[0].peer))
    sorts = [np.argsort(times, kind="stable") for _, times, _ in ordered]
    rows = tuple(series for series, times, _ in ordered for _ in range(len(times)))
    times = [part[1][sort] for part, sort in zip(ordered, sorts, strict=True)]
    values = [part[2][sort] for part, sort in zip(ordered, sorts, strict=True)]
    return ObservationBatch(rows, _concatenated(times), _concatenated(values))


def _concatenated(columns: list[Floats]) -> Floats:
    return np.concatenate(columns) if columns else np.empty(0)
