"""One step of detection: detectors over a window, and what has changed since the step before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from causely_core.model import Entity, EntityId, Symptom, SymptomKey, Window

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from causely_core.detection.detector import SymptomDetector
    from causely_core.detection.windows import WindowBuffer

_SEVERITY_STEP = 0.15
_VALUE_FACTOR = 1.5


@frozen
class Judgement:
    """The outcome of one step.

    Attributes:
        active: symptoms active now, each as last reported; the next step's ``active``.
        changes: what a listener does not know yet: new, cleared or materially different, sorted by key.
    """

    active: Mapping[SymptomKey, Symptom]
    changes: tuple[Symptom, ...]


def judge(
    detectors: Iterable[SymptomDetector],
    buffer: WindowBuffer,
    now: float,
    active: Mapping[SymptomKey, Symptom],
    entities: Mapping[EntityId, Entity],
    manual: Mapping[SymptomKey, float],
) -> Judgement:
    """Run all detectors, without isolation: for replays and tests; services guard each :func:`judge_one`."""
    chosen = list(detectors)
    wanted = {attribute for detector in chosen for attribute in detector.attributes}
    window = Window(now, buffer.window(sorted(wanted), now), active, entities, manual)
    return fold(active, [symptom for detector in chosen for symptom in judge_one(detector, window)])


def judge_one(detector: SymptomDetector, window: Window) -> tuple[Symptom, ...]:
    """One detector's answer, with only the symptoms that it declared.

    Raises:
        ValueError: it answers with a symptom it did not declare.
    """
    answer = tuple(detector.detect(window))
    for symptom in answer:
        if symptom.name not in detector.symptoms:
            declared = ", ".join(sorted(detector.symptoms))
            raise ValueError(f"detector {detector.name}: symptom {symptom.name} is not declared; declared: {declared}")
    return answer


def fold(active: Mapping[SymptomKey, Symptom], judged: Iterable[Symptom]) -> Judgement:
    """Merge answers into what was active; a symptom that no answer names keeps its state."""
    after = dict(active)
    changes: dict[SymptomKey, Symptom] = {}
    for symptom in judged:
        before = after.get(symptom.key)
        if symptom.active and (before is None or _differs(before, symptom)):
            after[symptom.key] = changes[symptom.key] = symptom
        elif not symptom.active and after.pop(symptom.key, None) is not None:
            changes[symptom.key] = symptom
    return Judgement(after, tuple(changes[key] for key in sorted(changes)))


def _differs(before: Symptom, now: Symptom) -> bool:
    """Enough to be told; small moves of a noisy value are not."""
    low, high = sorted((abs(before.value), abs(now.value)))
    return (
        abs(before.severity - now.severity) >= _SEVERITY_STEP
        or high > _VALUE_FACTOR * low
        or before.baseline.threshold != now.baseline.threshold
    )
