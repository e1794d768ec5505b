"""Root causes by chance and the symptoms that would follow from them by the causal graph's own probabilities."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from causely_core.causal import CausalGraph
from causely_core.model import Baseline, Symptom, SymptomKey, ThresholdSource

NOW = 1_800_000_000.0


def outbreak(graph: CausalGraph, count: int, seed: int = 1) -> dict[SymptomKey, Symptom]:
    """Let one cause after another happen until ``count`` or more symptoms are active."""
    rng = np.random.default_rng(seed)
    active: set[SymptomKey] = set()
    while len(active) < count:
        for node in sorted(_spread(graph, set(_shown(graph, rng)), rng)):
            if graph.watched[node]:
                active.add(graph.key(node))
    return {key: _symptom(key) for key in sorted(active)}


def _shown(graph: CausalGraph, rng: np.random.Generator) -> Iterator[int]:
    """What a cause by chance shows on its own entity."""
    place = int(rng.integers(len(graph.entities)))
    layout, first = graph.layout(place), graph.nodes(place).start
    cause = layout.root_causes[int(rng.integers(len(layout.root_causes)))] if layout.root_causes else None
    for effect in cause.effects if cause else ():
        if rng.random() < effect.probability:
            yield first + layout.offsets[effect.symptom]


def _spread(graph: CausalGraph, there: set[int], rng: np.random.Generator) -> set[int]:
    """``there`` and all that follows."""
    todo = sorted(there)
    while todo:
        _, arrows = graph.out.rows.of(np.array([todo.pop()]))
        chance = graph.rules.probability[graph.out.rule[arrows]]
        for node in graph.out.head[arrows[rng.random(len(arrows)) < chance]].tolist():
            if node not in there:
                there.add(node)
                todo.append(node)
    return there


def _symptom(key: SymptomKey) -> Symptom:
    usual = Baseline(0.5, 1.0, ThresholdSource.LEARNED)
    return Symptom(key.entity, key.name, True, NOW - 60.0, NOW, 0.5, "", 2.0, usual)
