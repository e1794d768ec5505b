"""Reviewing attributes with a threshold: latencies, rates, utilizations."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from attrs import evolve

from causely_core.detection.review.breaks import BROKEN, Break, breaking
from causely_core.detection.review.own import SELF_TIME
from causely_core.detection.review.quantiles import median, quantile
from causely_core.detection.review.recording import Floats, Recording, Stretch
from causely_core.detection.review.scale import Drift, Scale, absolute, relative
from causely_core.detection.threshold_detector import ThresholdDetector
from causely_core.detection.thresholds import Learning
from causely_core.model import EntityId, Symptom, ThresholdSource, Window

MEANS = {"p95": ("avg",)}
"""Quantile to other summaries of the same distribution that are looked at besides: the mean tells what callers lose."""
COUNTS = {"request_duration": "request_count"}
"""First part of an attribute to the attribute that counts what each of its values is of."""
_LEAST_RATIO_SHARE = 0.2
"""Of a live detector's ratio above one: what must be exceeded here, where minutes average hiccups out."""


def review_values(detector: ThresholdDetector, recording: Recording) -> Iterator[Symptom]:
    """The symptoms in the window, of each entity the most severe of all attributes that show it."""
    empty = Window(recording.end, {}, entities=recording.entities)
    manual = detector.thresholds.manual(detector.symptom, empty)
    found: dict[EntityId, tuple[Break, str]] = {}
    for attribute in shown_by(detector.attribute):
        for entity, stretch in recording.of(attribute).items():
            broken = _break(detector, attribute, entity, stretch, manual.get(entity), recording)
            if broken and (entity not in found or broken.severity > found[entity][0].severity):
                found[entity] = broken, attribute
    for entity, (broken, attribute) in sorted(found.items()):
        yield broken.symptom(entity, detector.symptom, attribute, detector.name, recording.end)


def shown_by(attribute: str) -> list[str]:
    """``attribute`` and others that show the same."""
    stem, _, summary = attribute.rpartition(".")
    return [attribute, *(f"{stem}.{other}" for other in MEANS.get(summary, ()))]


def _break(
    detector: ThresholdDetector,
    attribute: str,
    entity: EntityId,
    stretch: Stretch,
    manual: float | None,
    recording: Recording,
) -> Break | None:
    if not len(stretch.values):
        return None
    broken = _judged(detector, attribute, entity, stretch, manual, recording)
    return broken and evolve(broken, full=detector.full)


def _judged(
    detector: ThresholdDetector,
    attribute: str,
    entity: EntityId,
    stretch: Stretch,
    manual: float | None,
    recording: Recording,
) -> Break | None:
    if manual is not None:
        return _above(stretch, manual, ThresholdSource.MANUAL)
    learning = detector.thresholds.learning
    if learning is None:
        return _above(stretch, detector.thresholds.default, ThresholdSource.DEFAULT)
    scale = _scale(detector, attribute, stretch, learning, recording)
    if scale is None:
        return None
    thin = _thinness(recording, attribute, entity, stretch)
    return _learned(stretch, scale, learning, scale.sigmas(stretch.values) / thin)


def _scale(
    detector: ThresholdDetector, attribute: str, stretch: Stretch, learning: Learning, recording: Recording
) -> Scale | None:
    """The scale on which the attribute's usual values spread evenly."""
    # Load that is lower for a while is no new normal, and neither is time of one's own when a callee takes more.
    one_way = math.isfinite(detector.adopt_after) or attribute == SELF_TIME
    drift = (Drift.UPWARD if one_way else Drift.ANY) if recording.remote else Drift.NONE
    if attribute == SELF_TIME or not len(stretch.usual) or median(stretch.usual) <= 0.0:
        return absolute(stretch, drift, _large(stretch, learning))
    return relative(stretch, drift)


def _learned(stretch: Stretch, scale: Scale, learning: Learning, sigmas: Floats) -> Break | None:
    mask, most = breaking(sigmas)
    center = scale.value(0.0)
    least = max(center * (1.0 + _LEAST_RATIO_SHARE * (learning.ratio - 1.0)), learning.least)
    mask &= stretch.values > least
    if not mask.any():
        return None
    threshold = max(scale.value(BROKEN), least)
    broken = Break(stretch.times[mask], stretch.values[mask], center, threshold, most, zero=scale.zero)
    return broken.drifted() if scale.drifted else broken


def _above(stretch: Stretch, threshold: float, source: ThresholdSource) -> Break | None:
    """A fixed threshold is broken by half of the window, or by two values in it."""
    mask = stretch.values > threshold
    if mask.sum() < min(2, math.ceil(len(mask) / 2)) or not mask.any():
        return None
    return Break(stretch.times[mask], stretch.values[mask], math.nan, threshold, source=source)


def _thinness(recording: Recording, attribute: str, entity: EntityId, stretch: Stretch) -> Floats:
    """By how much more each value strays for being of fewer requests than usual; 1 or more, (m,)."""
    counts = recording.of(COUNTS.get(attribute.partition(".")[0], "")).get(entity)
    if counts is None or not (counts.usual > 0.0).any():
        return np.ones(len(stretch.values))
    usual = median(counts.usual[counts.usual > 0.0])
    place = np.searchsorted(counts.times, stretch.times).clip(max=max(len(counts.times) - 1, 0))
    now = counts.values[place] if len(counts.values) else np.ones(len(stretch.values))
    return np.sqrt(np.maximum(usual / np.maximum(now, 1.0), 1.0))


def _large(stretch: Stretch, learning: Learning) -> float:
    """What would be a large value of a quantity that is zero or below most of the time."""
    return max(quantile(np.abs(stretch.usual), 0.95) if len(stretch.usual) else 0.0, learning.least, 1e-9)
