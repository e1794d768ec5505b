"""Reviewing with any detector: its live judgement, step by step over the recording."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from causely_core.detection.detector import SymptomDetector
from causely_core.detection.judge import fold, judge_one
from causely_core.detection.review.quantiles import median
from causely_core.detection.review.recording import Floats, Recording, Stretch
from causely_core.detection.windows import WindowBuffer
from causely_core.model import EntityId, ObservationBatch, Series, Symptom, SymptomKey, Window


def replay(detector: SymptomDetector, recording: Recording) -> Iterator[Symptom]:
    """Every symptom that the detector raised in the window, as it last told it.

    The baseline is moved in time to end where the window begins, for a detector learns from what came before.
    """
    tracks = {
        Series(entity, attribute): _joined(stretch)
        for attribute in detector.attributes
        for entity, stretch in recording.of(attribute).items()
        if len(stretch.values)
    }
    buffer = WindowBuffer(samples=max((len(times) for times, _ in tracks.values()), default=1))
    steps = sorted({time for attribute in detector.attributes for time in _steps(recording.of(attribute))})
    active: Mapping[SymptomKey, Symptom] = {}
    seen: dict[SymptomKey, Symptom] = {}
    before = -np.inf
    for now in steps:
        buffer.append(_between(tracks, before, now))
        window = Window(now, buffer.window(detector.attributes, now), active, recording.entities)
        active, before = fold(active, judge_one(detector, window)).active, now
        seen.update(active)
    yield from (seen[key] for key in sorted(seen))


def _steps(stretches: Mapping[EntityId, Stretch]) -> set[float]:
    return {time for stretch in stretches.values() for time in stretch.times.tolist()}


def _joined(stretch: Stretch) -> tuple[Floats, Floats]:
    if not len(stretch.usual):
        return stretch.times, stretch.values
    step = median(np.diff(stretch.times)) if len(stretch.times) > 1 else 1.0
    moved = stretch.usual_times - stretch.usual_times[-1] + stretch.times[0] - step
    return np.concatenate([moved, stretch.times]), np.concatenate([stretch.usual, stretch.values])


def _between(tracks: Mapping[Series, tuple[Floats, Floats]], after: float, until: float) -> ObservationBatch:
    series: list[Series] = []
    parts: list[tuple[Floats, Floats]] = []
    for one, (times, values) in tracks.items():
        chosen = (times > after) & (times <= until)
        series += [one] * int(chosen.sum())
        parts.append((times[chosen], values[chosen]))
    columns = zip(*parts, strict=True) if parts else ([np.empty(0)], [np.empty(0)])
    times, values = (np.concatenate(column) for column in columns)
    return ObservationBatch(tuple(series), times, values)
