"""What every detector does with the rows of a window and the symptoms it raised before."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from attrs import evolve

from causely_core.model import AttributeWindow, EntityId, Symptom, Window

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

SILENCE = 30.0
"""Seconds without a sample after which a symptom clears: requests stopped, or the process is gone."""

EMPTY = AttributeWindow((), np.empty((0, 0)), np.empty((0, 0)))


def choose(seen: AttributeWindow, rows: Collection[int]) -> AttributeWindow:
    """Copies of some rows, in the order given."""
    index = np.fromiter(rows, np.intp, len(rows))
    return AttributeWindow(tuple(seen.series[row] for row in index), seen.times[index], seen.values[index])


def raised(window: Window, detector: str, symptom: str) -> dict[EntityId, Symptom]:
    """The active ``symptom`` of each entity that this detector raised."""
    return {
        key.entity: active
        for key, active in window.active.items()
        if key.name == symptom and active.detector in ("", detector)
    }


def vanished(active: dict[EntityId, Symptom], seen: AttributeWindow, now: float) -> Iterator[Symptom]:
    """Clear the symptoms of entities that have been silent for long, or whose rows are gone."""
    last = _last_seen(seen) if active else {}
    for entity, symptom in active.items():
        if now - last.get(entity, symptom.updated_at) > SILENCE:
            yield cleared(symptom, now)


def cleared(symptom: Symptom, now: float) -> Symptom:
    """The same symptom, over."""
    return evolve(symptom, active=False, updated_at=now, severity=0.0)


def severity(value: float, threshold: float, full: float = math.inf) -> float:
    """0 at the threshold, 0.5 at twice, 0.9 at ten times, towards 1; 1 at ``full``, where nothing is left."""
    if value <= 0.0:
        return 0.0
    used_up = min((value - threshold) / (full - threshold), 1.0) if full > threshold else 0.0
    return max(0.0, 1.0 - threshold / value, used_up)


def _last_seen(seen: AttributeWindow) -> dict[EntityId, float]:
    if not seen.times.size:
        return {}
    newest = seen.times[:, -1].tolist()
    return {series.entity: time for series, time in zip(seen.series, newest, strict=True)}
