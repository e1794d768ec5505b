"""What a scenario tells a causal engine directly: entities with what is watched on them, and active symptoms."""

from __future__ import annotations

import numpy as np
from attrs import evolve, frozen

from causely_core.incidents.simulation.course import Course
from causely_core.incidents.simulation.places import INTERVAL, entities_of, relations_of
from causely_core.incidents.simulation.queueing import Floats
from causely_core.incidents.simulation.readings import SPAN
from causely_core.incidents.simulation.scenario import Scenario
from causely_core.incidents.simulation.verdicts import Verdict, verdicts, watched
from causely_core.model import (
    WATCHED,
    Baseline,
    Entity,
    EntityId,
    Relation,
    Symptom,
    SymptomKey,
    ThresholdSource,
)

_STEP = 5.0
_LATEST = 3.0 * INTERVAL  # seconds until a detector has raised what it sees


@frozen(eq=False)
class Told:
    """A scenario in the words of the engine.

    Attributes:
        entities: with ``causely.watched``.
        relations: between them.
        symptoms: active ones.
        truth: entity and cause of each fault.
        now: seconds since the epoch.
    """

    entities: dict[EntityId, Entity]
    relations: list[Relation]
    symptoms: dict[SymptomKey, Symptom]
    truth: list[tuple[EntityId, str]]
    now: float


def tell(scenario: Scenario, start: float, rng: np.random.Generator) -> Told:
    """Judge the end of ``scenario`` whose window begins at ``start``, in seconds since the epoch."""
    world, course = scenario.world, scenario.course
    plain = entities_of(world.blueprint, world.places)
    ids = [entity.id for entity in plain]
    names = watched(course.after)
    entities = [
        evolve(entity, attributes={WATCHED: " ".join(judged)}) for entity, judged in zip(plain, names, strict=True)
    ]
    now = start + SPAN
    found = verdicts(course.before, course.after)
    onsets = start + _onsets(course, found) + INTERVAL * rng.random(len(found))
    symptoms = [_symptom(ids[each.place], each, float(onset), now) for each, onset in zip(found, onsets, strict=True)]
    return Told(
        {entity.id: entity for entity in entities},
        relations_of(world.blueprint, world.places, ids),
        {symptom.key: symptom for symptom in symptoms},
        [(ids[fault.place], fault.family.cause) for fault in scenario.faults],
        now,
    )


def _onsets(course: Course, found: list[Verdict]) -> Floats:
    """When each verdict's value first passed its threshold, in seconds after the window's begin."""
    times = np.arange(0.0, SPAN, _STEP)
    onsets = np.full(len(found), SPAN - _LATEST)
    for attribute in dict.fromkeys(each.attribute for each in found):
        rows = [row for row, each in enumerate(found) if each.attribute == attribute]
        values = course.values(attribute, np.array([found[row].place for row in rows]), times)
        above = values > np.array([found[row].threshold for row in rows])[:, None]
        onsets[rows] = np.where(above.any(axis=1), times[above.argmax(axis=1)], onsets[rows])
    return np.asarray(np.minimum(onsets, SPAN - _LATEST))


def _symptom(entity: EntityId, found: Verdict, onset: float, now: float) -> Symptom:
    return Symptom(
        entity=entity,
        name=found.symptom,
        active=True,
        onset=onset,
        updated_at=now,
        severity=found.severity,
        attribute=found.attribute,
        value=found.value,
        baseline=Baseline(found.usual, found.threshold, ThresholdSource.LEARNED),
        detector=found.detector,
    )
