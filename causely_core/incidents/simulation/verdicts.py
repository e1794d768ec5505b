"""Which symptoms detectors would raise on readings without noise: thresholds and severities are theirs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from causely_core.detection.binomial import tail
from causely_core.detection.builtin import builtin_detectors
from causely_core.detection.detector import SymptomDetector
from causely_core.detection.error_rate_detector import ErrorRateDetector
from causely_core.detection.growth_detector import GrowthDetector
from causely_core.detection.rows import severity
from causely_core.detection.threshold_detector import ThresholdDetector
from causely_core.incidents.simulation.places import Readings
from causely_core.incidents.simulation.queueing import Floats

_DETECTORS = builtin_detectors()

NOISE = 0.06
"""Standard deviation of what is measured by its level, as detectors would learn it."""


@frozen
class Verdict:
    """A symptom that one detector raises at one place.

    Attributes:
        place: of the entity.
        symptom, attribute, detector: names.
        value, usual, threshold: in the attribute's unit.
        full: where nothing is left, in the attribute's unit.
    """

    place: int
    symptom: str
    attribute: str
    detector: str
    value: float
    usual: float
    threshold: float
    full: float

    @property
    def severity(self) -> float:
        """As detectors reckon it, 0 to 1."""
        return severity(self.value, self.threshold, self.full)


def verdicts(before: Readings, after: Readings, detectors: Sequence[SymptomDetector] | None = None) -> list[Verdict]:
    """All symptoms of ``after`` when ``before`` was usual, by detector and place."""
    found: list[Verdict] = []
    for detector in detectors if detectors is not None else _DETECTORS:
        if getattr(detector, "attribute", None) in after:
            found += _judge(detector, before, after)
    return found


def watched(readings: Readings) -> list[list[str]]:
    """Names of the symptoms judged at each place."""
    size = len(next(iter(readings.values())))
    names: list[list[str]] = [[] for _ in range(size)]
    for detector in _DETECTORS:
        measured = readings.get(getattr(detector, "attribute", ""))
        if measured is not None:
            for place in np.flatnonzero(np.isfinite(measured)).tolist():
                names[place] += detector.symptoms
    return names


def _judge(detector: SymptomDetector, before: Readings, after: Readings) -> Iterator[Verdict]:
    if isinstance(detector, ErrorRateDetector):
        usual, value = before[detector.attribute], after[detector.attribute]
        threshold = np.maximum(detector.ratio * usual, usual + detector.floor)
        above = (places for places in _above(value, threshold) if _significant(detector, places, threshold, after))
        yield from _raised(detector, above, value, usual, threshold)
    elif isinstance(detector, GrowthDetector):
        usual, value = before[detector.attribute], after[detector.attribute]
        least = np.maximum(detector.floor, detector.ratio * usual)
        yield from _raised(detector, _above(value, usual + least), value, usual, usual + least)
    elif isinstance(detector, ThresholdDetector):
        usual, value = before[detector.attribute], after[detector.attribute]
        threshold = _threshold(detector, usual)
        yield from _raised(detector, _above(value, threshold), value, usual, threshold)


def _threshold(detector: ThresholdDetector, usual: Floats) -> Floats:
    learning, default = detector.thresholds.learning, detector.thresholds.default
    if learning is None:
        return np.full(len(usual), default)
    return np.where(np.isnan(usual), default, learning.thresholds(usual, NOISE * usual))


def _above(value: Floats, threshold: Floats) -> Iterable[int]:
    with np.errstate(invalid="ignore"):
        above: NDArray[np.bool_] = value > threshold
    places: list[int] = np.flatnonzero(above).tolist()
    return places


def _significant(detector: ErrorRateDetector, place: int, threshold: Floats, after: Readings) -> bool:
    """Whether so many of the requests of the samples that are pooled fail that it can be no chance."""
    requests = float(after[detector.count][place]) * detector.pooled
    failures = requests * float(after[detector.attribute][place])
    return failures >= detector.min_failures and tail(failures, requests, float(threshold[place])) < detector.chance


def _raised(
    detector: ErrorRateDetector | GrowthDetector | ThresholdDetector,
    places: Iterable[int],
    value: Floats,
    usual: Floats,
    threshold: Floats,
) -> Iterator[Verdict]:
    for place in places:
        broken, center, limit = (float(column[place]) for column in (value, usual, threshold))
        full = getattr(detector, "full", math.inf)
        yield Verdict(place, detector.symptom, detector.attribute, detector.name, broken, center, limit, full)
