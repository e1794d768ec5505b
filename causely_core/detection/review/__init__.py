"""Judging a recorded window against a recorded baseline, all at once; pure.

Live, a detector sees samples of some seconds come in and must be patient with hiccups. In hindsight the whole window
is there, samples may be minutes long, and what was usual is told apart. The detectors are the same ones: what they look
at, their thresholds and their names; only how long something must last is judged by what the samples can show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import singledispatch

from causely_core.detection.detector import SymptomDetector
from causely_core.detection.error_rate_detector import ErrorRateDetector
from causely_core.detection.growth_detector import GrowthDetector
from causely_core.detection.review.attribution import Attribution, attribute, weighed
from causely_core.detection.review.growth import review_growth
from causely_core.detection.review.own import with_own
from causely_core.detection.review.recording import Recording, Stretch
from causely_core.detection.review.replay import replay
from causely_core.detection.review.shares import review_shares
from causely_core.detection.review.values import review_values, shown_by
from causely_core.detection.threshold_detector import ThresholdDetector
from causely_core.model import EntityId, Symptom, SymptomKey

__all__ = ["Attribution", "Recording", "Stretch", "attribute", "review", "watched", "weighed", "with_own"]


def review(detectors: Iterable[SymptomDetector], recording: Recording) -> dict[SymptomKey, Symptom]:
    """The symptoms in the window by key; of two detectors that raise the same, the more severe one's."""
    found: dict[SymptomKey, Symptom] = {}
    for detector in detectors:
        for symptom in _review(detector, recording):
            if symptom.key not in found or symptom.severity > found[symptom.key].severity:
                found[symptom.key] = symptom
    return dict(sorted(found.items()))


def watched(detectors: Iterable[SymptomDetector], recording: Recording) -> dict[EntityId, set[str]]:
    """The symptoms that are judged on each entity: those whose attribute has values in the window."""
    found: dict[EntityId, set[str]] = {}
    for detector in detectors:
        for name, shown in detector.symptoms.items():
            for one in shown_by(shown):
                for entity, stretch in recording.of(one).items():
                    if len(stretch.values):
                        found.setdefault(entity, set()).add(name)
    return found


@singledispatch
def _review(detector: SymptomDetector, recording: Recording) -> Iterator[Symptom]:
    return replay(detector, recording)


_review.register(ThresholdDetector, review_values)
_review.register(ErrorRateDetector, review_shares)
_review.register(GrowthDetector, review_growth)
