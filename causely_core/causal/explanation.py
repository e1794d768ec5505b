"""The way from a cause to a symptom, step by step, with what was seen at each step."""

from __future__ import annotations

import math
from collections.abc import Iterator

from causely_core.causal.candidate import Candidate
from causely_core.causal.carrier import is_carrier
from causely_core.causal.observed import Observed
from causely_core.causal.walk import DIRECT, trail
from causely_core.model import PathStep, Support, SupportState, Symptom, SymptomKey

_DIGITS = 9
"""To which a step's probability is told: paths multiply by a little less than one for each of their relations."""


def steps(observed: Observed, candidate: Candidate, node: int) -> Iterator[PathStep]:
    """The arrows of the candidate's strongest path to ``node``, nearest to the cause first.

    States that only carry a path of several relations mean nothing to people: their arrows are told as one, with
    the product of the probabilities and all relations.
    """
    graph = observed.graph
    source, relations, probability = SymptomKey(candidate.entity, candidate.spec.name), list[str](), 1.0
    for at in trail(candidate.reached, node):
        reached = candidate.reached[at]
        probability *= reached.arrow
        if reached.via != DIRECT and reached.relation >= 0 and (name := graph.relations[reached.relation]):
            relations.append(name)
        if not is_carrier(graph.spec(at).name):
            target = graph.key(at)
            yield PathStep(source, target, ", ".join(relations), round(probability, _DIGITS), support(observed, at))
            source, relations, probability = target, [], 1.0


def support(observed: Observed, node: int) -> Support:
    """What is seen of the state that ``node`` stands for."""
    if node in observed.active:
        return _seen(observed.active[node])
    state = SupportState.ABSENT if observed.absent(node) else SupportState.UNKNOWN
    return Support(state, observed.graph.spec(node).attribute)


def _seen(symptom: Symptom) -> Support:
    return Support(
        SupportState.ACTIVE,
        symptom.attribute,
        _finite(symptom.value),
        _finite(symptom.baseline.threshold),
        _finite(symptom.baseline.center),
        symptom.onset,
        symptom.severity,
    )


def _finite(value: float) -> float | None:
    """JSON knows no NaN and no infinity."""
    return value if math.isfinite(value) else None
