"""The way from a cause to the symptoms it explains, step by step, with what was seen at each step."""

from __future__ import annotations

from causely_core.causal.candidate import Candidate
from causely_core.causal.observed import Observed
from causely_core.causal.walk import DIRECT
from causely_core.model import PathStep, SymptomKey

_DIGITS = 9
"""To which a step's probability is told: paths multiply by a little less than one for each of their relations."""

_Come = tuple[SymptomKey, str, float]
"""How far a path has come: the last state that means something, and relations and probability since."""


def path(observed: Observed, candidate: Candidate) -> tuple[PathStep, ...]:
    """The arrows of the candidate's strongest paths to what it explains, each once and after those that lead to it.

    States that only carry a path of several relations mean nothing to people: their arrows are told as one, with
    the product of the probabilities and all relations.
    """
    reached = candidate.reached
    places = reached.trails()
    keys, names = observed.keys(reached.node[places]), observed.graph.relations
    carries = observed.slots.carries[reached.slot[places]].tolist()
    columns = (column[places].tolist() for column in (reached.node, reached.via, reached.rule, reached.chance))
    come: dict[int, _Come] = {DIRECT: (SymptomKey(candidate.entity, candidate.spec.name), "", 1.0)}
    steps = []
    for place, key, carried, node, via, rule, chance in zip(places, keys, carries, *columns, strict=True):
        source, before, so_far = come[via]
        name = names[rule] if rule >= 0 else ""
        relation = f"{before}, {name}" if before and name else before or name
        if carried:
            come[place] = source, relation, so_far * chance
        else:
            come[place] = key, "", 1.0
            probability = round(so_far * chance, _DIGITS)
            steps.append(PathStep(source, key, relation, probability, observed.support(node)))
    return tuple(steps)
