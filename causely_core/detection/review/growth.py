"""Reviewing quantities that should not keep growing: memory, backlogs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from causely_core.detection.growth_detector import GrowthDetector
from causely_core.detection.review.breaks import Break
from causely_core.detection.review.quantiles import between
from causely_core.detection.review.recording import Recording, Stretch
from causely_core.detection.review.scale import MIN_USUAL
from causely_core.detection.trend import rise
from causely_core.model import Symptom

_FEWEST = 4
"""Values without which nothing can be seen to rise steadily."""
_HIGH = 0.99


def review_growth(detector: GrowthDetector, recording: Recording) -> Iterator[Symptom]:
    """The symptoms in the window: what rises in it steadily, by enough, to more than it usually is."""
    for entity, stretch in sorted(recording.of(detector.attribute).items()):
        broken = _break(detector, stretch)
        if broken is not None:
            yield broken.symptom(entity, detector.symptom, detector.attribute, detector.name, recording.end)


def _break(detector: GrowthDetector, stretch: Stretch) -> Break | None:
    if len(stretch.values) < _FEWEST or len(stretch.usual) < MIN_USUAL:
        return None
    tau, total = rise(stretch.times[None], stretch.values[None])
    ordered = np.sort(stretch.usual)
    usual, high = between(ordered, 0.5), between(ordered, _HIGH)
    threshold = high + max(detector.floor, detector.ratio * usual)
    grown = tau[0] >= detector.agreement and total[0] >= threshold - high and stretch.values[-1] > threshold
    if not grown:
        return None
    mask = stretch.values > high
    return Break(stretch.times[mask], stretch.values[mask], usual, threshold)
