"""Judging: at every interval, show the recent past to the detectors and pass on what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from attrs import define, field

from causely_core.detection.judge import fold, judge_one
from causely_core.detection.windows import WindowBuffer
from causely_core.hookspecs import SymptomDetector
from causely_core.isolation import Unit, guarded
from causely_core.model import Entity, EntityId, Symptom, SymptomKey, Window
from causely_core.services.watching.config import ManualThreshold


@define
class Judge:
    """Holds the active symptoms of this process and what shows them.

    Attributes:
        detectors: with the isolated unit each runs in.
        entities: tells what is known of the entities now.
    """

    buffer: WindowBuffer
    detectors: list[tuple[Unit, SymptomDetector]]
    thresholds: list[ManualThreshold]
    entities: Callable[[], Mapping[EntityId, Entity]]
    active: Mapping[SymptomKey, Symptom] = field(factory=dict, init=False)

    async def judge(self, now: float) -> tuple[Symptom, ...]:
        """Run every detector once; returns the symptoms that began, changed or cleared."""
        entities = self.entities()
        manual = manual_thresholds(self.thresholds, entities)
        held = {key.name for key in self.active}
        judged: list[Symptom] = []
        for unit, detector in self.detectors:
            shown = self.buffer.window(detector.attributes, now)
            # Most have nothing to look at on most machines, and a thread for each would be most of the work.
            if shown or not detector.attributes or held & detector.symptoms.keys():
                window = Window(now, shown, self.active, entities, manual)
                judged.extend(await guarded(unit, partial(judge_one, detector, window)) or ())
        judgement = fold(self.active, judged)
        self.active = judgement.active
        return judgement.changes

    def watched(self) -> dict[EntityId, str]:
        """The symptoms that are judged on each entity, space-separated and sorted."""
        shows = [(name, shown) for _, detector in self.detectors for name, shown in detector.symptoms.items()]
        return {
            entity: " ".join(sorted({name for name, shown in shows if shown in attributes}))
            for entity, attributes in self.buffer.watched().items()
        }


def manual_thresholds(
    thresholds: Iterable[ManualThreshold], entities: Mapping[EntityId, Entity]
) -> dict[SymptomKey, float]:
    """The thresholds that people set, resolved to entities; a later one wins."""
    resolved: dict[SymptomKey, float] = {}
    for threshold in thresholds:
        if threshold.entity:
            resolved[SymptomKey(EntityId(threshold.entity), threshold.symptom)] = threshold.value
            continue
        for entity in entities.values():
            if threshold.labels.items() <= entity.attributes.items():
                resolved[SymptomKey(entity.id, threshold.symptom)] = threshold.value
    return resolved
