"""One simulated incident, diagnosed as it is, with noise, and without its cause in the catalogue."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import numpy as np
from attrs import evolve, frozen
from builtin_models import catalogue, models

from causely_core.causal import Catalogue, build_graph, diagnose
from causely_core.incidents.simulation import Told, draw_scenario, draw_world, tell
from causely_core.model import (
    WATCHED,
    Baseline,
    Diagnosis,
    Entity,
    EntityId,
    Symptom,
    SymptomKey,
    ThresholdSource,
)

LOST, SPURIOUS = 0.2, 0.1
FEWEST, MOST = 50, 500
START = 1.7e9

Cause = tuple[EntityId, str]


@frozen
class Answer:
    """One diagnosis beside the truth.

    Attributes:
        truth: entity and cause of each fault; empty for a quiet incident.
        families: of the faults, in the same order.
        named: entity, cause and probability of each root cause, best first.
        active: symptoms that were active, each with its severity.
        unexplained: those that no named cause explains.
        seconds: building the graph and diagnosing.
        services: of the system.
        gap: as the engine says.
    """

    truth: Sequence[Cause]
    families: Sequence[str]
    named: Sequence[tuple[EntityId, str, float]]
    active: Sequence[tuple[SymptomKey, float]]
    unexplained: Sequence[SymptomKey]
    seconds: float
    services: int
    gap: float

    @property
    def first(self) -> Sequence[tuple[EntityId, str, float]]:
        """The first k of the named causes, where k faults are true."""
        return self.named[: len(self.truth)]

    @property
    def entities_right(self) -> bool:
        """Whether the first k name every faulty entity."""
        return {entity for entity, _ in self.truth} <= {entity for entity, _, _ in self.first}

    @property
    def causes_right(self) -> bool:
        """Whether the first k are the truth, by entity and cause."""
        return set(self.truth) <= {(entity, cause) for entity, cause, _ in self.first}


@frozen
class Trial:
    """What became of one incident: clean, with losses and noise, with its cause unknown (one fault only), or quiet."""

    clean: Answer
    noisy: Answer
    unknown: Answer | None
    quiet: Answer | None


def trial(seed: int, number: int) -> Trial:
    """Simulate and diagnose incident ``number``; the same each time."""
    rng = np.random.default_rng([seed, number])
    services = round(FEWEST * (MOST / FEWEST) ** rng.random())
    world = draw_world(services, rng)
    scenario = draw_scenario(world, 1 + number % 3, rng)
    families = [fault.family.name for fault in scenario.faults]
    told = tell(scenario, START, rng)
    clean = _ask(catalogue(), told, families, services)
    noisy = _ask(catalogue(), _noisy(told, rng), families, services)
    unknown = _ask(_without(*told.truth), told, families, services) if len(told.truth) == 1 else None
    calm = tell(draw_scenario(world, 0, rng), START, rng)
    quiet = _ask(catalogue(), _spurious(calm, 1 + int(rng.poisson(2.0)), rng), [], services)
    return Trial(clean, noisy, unknown, quiet if number % 4 == 0 else None)


def _ask(known: Catalogue, told: Told, families: Sequence[str], services: int) -> Answer:
    started = time.perf_counter()
    found: Diagnosis = diagnose(build_graph(known, told.entities, told.relations), told.symptoms, told.now)
    seconds = time.perf_counter() - started
    named = [(each.entity, each.cause, each.probability) for each in found.root_causes]
    active = [(key, symptom.severity) for key, symptom in sorted(told.symptoms.items())]
    return Answer(told.truth, families, named, active, found.unexplained, seconds, services, found.gap)


def _noisy(told: Told, rng: np.random.Generator) -> Told:
    """Lose symptoms, half of them as if calm and half as if not watched, and add some that mean nothing."""
    lost = [key for key in sorted(told.symptoms) if rng.random() < LOST]
    unwatched = [key for key in lost if rng.random() < 0.5]
    kept = {key: symptom for key, symptom in told.symptoms.items() if key not in lost}
    fewer = evolve(told, symptoms=kept, entities=_unwatch(told.entities, unwatched))
    count = SPURIOUS * len(told.symptoms)
    return _spurious(fewer, int(count) + int(rng.random() < count % 1.0), rng)


def _unwatch(entities: Mapping[EntityId, Entity], keys: Sequence[SymptomKey]) -> dict[EntityId, Entity]:
    changed = dict(entities)
    for entity, name in keys:
        names = [each for each in changed[entity].attributes[WATCHED].split() if each != name]
        changed[entity] = evolve(changed[entity], attributes={WATCHED: " ".join(names)})
    return changed


def _spurious(told: Told, count: int, rng: np.random.Generator) -> Told:
    """Add ``count`` symptoms, mild to medium, at entities by chance."""
    ids = sorted(id for id, entity in told.entities.items() if entity.attributes[WATCHED])
    symptoms = dict(told.symptoms)
    for place in rng.integers(len(ids), size=count).tolist():
        names = told.entities[ids[place]].attributes[WATCHED].split()
        key = SymptomKey(ids[place], names[int(rng.integers(len(names)))])
        severity, onset = float(rng.uniform(0.02, 0.5)), START + float(rng.uniform(0.0, 800.0))
        symptoms.setdefault(key, _symptom(key, severity, onset, told.now))
    return evolve(told, symptoms=symptoms)


def _symptom(key: SymptomKey, severity: float, onset: float, now: float) -> Symptom:
    baseline = Baseline(0.5, 1.0, ThresholdSource.LEARNED)
    return Symptom(key.entity, key.name, True, onset, now, severity, "", 1.0 / (1.0 - severity), baseline)


def _without(cause: Cause) -> Catalogue:
    """The built-in models, with one root cause of one type left out."""
    type, name = cause[0].partition(":")[0], cause[1]
    kept = [
        evolve(model, root_causes=tuple(each for each in model.root_causes if each.name != name))
        if model.entity_type == type
        else model
        for model in models()
    ]
    return Catalogue.of(kept)
