"""The way from a cause to the symptoms it explains, step by step, with what was seen at each step."""

from __future__ import annotations

import math
from collections.abc import Iterable

from causely_core.causal.candidate import Candidate
from causely_core.causal.carrier import is_carrier
from causely_core.causal.observed import Observed
from causely_core.causal.walk import DIRECT, trail
from causely_core.model import PathStep, Support, SupportState, Symptom, SymptomKey

_DIGITS = 9
"""To which a step's probability is told: paths multiply by a little less than one for each of their relations."""


def path(observed: Observed, candidate: Candidate, nodes: Iterable[int]) -> tuple[PathStep, ...]:
    """The arrows of the candidate's strongest paths to ``nodes``, each once and after those that lead to it.

    States that only carry a path of several relations mean nothing to people: their arrows are told as one, with
    the product of the probabilities and all relations.
    """
    on_the_way = dict.fromkeys(at for node in nodes for at in trail(candidate.reached, node))
    return tuple(_step(observed, candidate, at) for at in on_the_way if not _carries(observed, at))


def support(observed: Observed, node: int) -> Support:
    """What is seen of the state that ``node`` stands for."""
    if node in observed.active:
        return _seen(observed.active[node])
    state = SupportState.ABSENT if observed.absent(node) else SupportState.UNKNOWN
    return Support(state, observed.state(node).spec.attribute)


def _step(observed: Observed, candidate: Candidate, node: int) -> PathStep:
    """The arrow to ``node`` from the nearest state before it that means something."""
    relations, arrows = observed.graph.relations, [candidate.reached[node]]
    while (via := arrows[-1].via) != DIRECT and _carries(observed, via):
        arrows.append(candidate.reached[via])
    source = SymptomKey(candidate.entity, candidate.spec.name) if via == DIRECT else observed.state(via).key
    walked = [relations[arrow.relation] for arrow in reversed(arrows) if arrow.relation >= 0]
    probability = round(math.prod(arrow.arrow for arrow in arrows), _DIGITS)
    return PathStep(
        source, observed.state(node).key, ", ".join(filter(None, walked)), probability, support(observed, node)
    )


def _carries(observed: Observed, node: int) -> bool:
    return is_carrier(observed.state(node).spec.name)


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
