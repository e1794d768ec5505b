"""Judging: at every interval, show the recent past to the detectors and pass on what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain

from attrs import define, field

from causely_core.detection.judge import fold, judge_one
from causely_core.detection.windows import WindowBuffer
from causely_core.hookspecs import SymptomDetector
from causely_core.isolation import Unit, guarded_each
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
        calls = [(unit, partial(judge_one, detector, window)) for unit, detector, window in self._windows(now)]
        judged = chain.from_iterable(await guarded_each(calls))
        judgement = fold(self.active, judged)
        self.active = judgement.active
        return judgement.changes

    def _windows(self, now: float) -> Iterator[tuple[Unit, SymptomDetector, Window]]:
        """What each detector is shown that has something to look at or to clear; on most machines few have."""
        entities, held = self.entities(), {key.name for key in self.active}
        manual = manual_thresholds(self.thresholds, entities)
        kept = self.buffer.window({name for _, detector in self.detectors for name in detector.attributes}, now)
        for unit, detector in self.detectors:
            shown = {name: kept[name] for name in detector.attributes if name in kept}
            if shown or not detector.attributes or held & detector.symptoms.keys():
                yield unit, detector, Window(now, shown, self.active, entities, manual)

    def watched(self) -> dict[EntityId, str]:
        """The symptoms that are judged on each entity, space-separated and sorted."""
        watched = self.buffer.watched()
        # Most of many entities are watched alike.
        symptoms = {attributes: self._shown(attributes) for attributes in set(watched.values())}
        return {entity: symptoms[attributes] for entity, attributes in watched.items()}

    def _shown(self, attributes: frozenset[str]) -> str:
        shows = [each for _, detector in self.detectors for each in detector.symptoms.items()]
        return " ".join(sorted({name for name, attribute in shows if attribute in attributes}))


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
