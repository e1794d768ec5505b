"""The engine's answer to a world."""

from __future__ import annotations

import time

import numpy as np
from call_trees import MODEL, SLOW, topology
from latencies import Latencies
from world import NOW, Answer, World, active, name

from causely_core.causal import Catalogue, build_graph, diagnose
from causely_core.model import Diagnosis, entity_id

DEVIATIONS = 3.0
"""Standard deviations above the mean from which a latency is high."""


def answer(world: World) -> Answer:
    """From topology and symptoms; the graph's building is in the time. Warm: it is the second run that counts."""
    for _ in range(2):
        begin = time.perf_counter()
        symptoms = active(each for each, there in world.seen.items() if there)
        found = diagnose(build_graph(world.catalogue, world.entities, world.relations), symptoms, NOW, calibration=None)
        seconds = time.perf_counter() - begin
    best = frozenset(name(cause.entity, cause.cause) for cause in found.root_causes)
    return Answer(best, _told(found), seconds)


def _told(found: Diagnosis) -> dict[str, float]:
    """Probabilities of the causes and of the alternatives; all others are not told."""
    rivals = [rival for cause in found.root_causes for rival in cause.alternatives]
    told = {name(each.entity, each.cause): each.probability for each in rivals}
    return told | {name(each.entity, each.cause): each.probability for each in found.root_causes}


def slowest(measured: Latencies) -> Answer:
    """The service whose cause best explains which latencies are high; learning what is usual is in the time."""
    entities, relations = topology(measured.callers)
    for _ in range(2):
        begin = time.perf_counter()
        threshold = measured.usual.mean(axis=0) + DEVIATIONS * measured.usual.std(axis=0)
        high = np.flatnonzero(measured.late[0] > threshold).tolist()
        symptoms = active(name(entity_id("Service", f"s{number}"), SLOW.name) for number in high)
        found = diagnose(build_graph(Catalogue.of([MODEL]), entities, relations), symptoms, NOW, calibration=None)
        seconds = time.perf_counter() - begin
    best = frozenset(cause.entity.removeprefix("Service:") for cause in found.root_causes)
    return Answer(best, {}, seconds)
