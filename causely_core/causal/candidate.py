"""Candidates: the root causes that could have led to an active symptom, with what each would show."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from attrs import field, frozen

from causely_core.causal.graph import CausalGraph
from causely_core.causal.observed import Observed
from causely_core.causal.walk import DIRECT, Reached, backward, entities_of, forward
from causely_core.model import EntityId, RootCauseSpec

TOLERANCE = 10.0
"""Seconds by which onsets may disagree: telemetry comes in batches and symptoms take some intervals to be judged."""

_LATENESS = 20.0
"""Seconds beyond the tolerance that cost one nat."""

_LATENESS_MOST = 1.5
"""Nats that the order of onsets may cost at most: clocks and hysteresis make it soft evidence."""

_LIKELY = 0.3
"""Belief from which a symptom's onset is compared with the cause's own."""


_REACH = 0.05
"""Strength of its best path to an active symptom that makes a cause a candidate.

Below are causes that show nothing of their own and are two or more absent symptoms away from anything seen. It is
well above the walks' cutoff, so that what counts as reached backward is reached forward, however sums are rounded.
"""

_UNSEEN = 0.5
"""Chance that a cause's own sign is watched where the cause can occur.

What is not measured on an entity of which other things are is often not there: a service without pool metrics mostly
has no pool. Without this, causes that cannot be seen would be preferred, for nothing would speak against them.
"""


@frozen(eq=False)
class Candidate:
    """One root cause on one entity.

    Attributes:
        place: of its entity in the graph.
        reached: what it leads to, nearest first.
        active: the part of ``reached`` that is active.
        absence: log likelihood of what it would show and is absent, or not watched on its own entity; zero or less.
        lateness: log likelihood of its own symptoms' onsets; zero or less.
    """

    entity: EntityId
    place: int
    spec: RootCauseSpec
    reached: Mapping[int, Reached]
    active: Mapping[int, Reached]
    absence: float
    lateness: float
    bias: float = field(init=False)

    @bias.default
    def _bias(self) -> float:
        return math.log(self.spec.prior / (1.0 - self.spec.prior)) + self.absence + self.lateness

    def missing(self, observed: Observed, least: float) -> Iterator[tuple[int, float]]:
        """Absent symptoms that it would show with a belief of ``least`` or more, nearest first."""
        for node, reached in self.reached.items():
            if reached.belief >= least and observed.absent(node):
                yield node, reached.belief


def candidates(observed: Observed) -> list[Candidate]:
    """Every root cause that reaches an active symptom, by entity and name."""
    graph = observed.graph
    strength = backward(observed, observed.active)
    found = []
    for place in entities_of(graph, strength):
        for spec in graph.layouts[place].root_causes:
            effects = _effects(graph, place, spec)
            reach = (p * observed.preference(node) * strength.get(node, 0.0) for node, p in effects.items())
            if max(reach) >= _REACH:
                found.append(_candidate(observed, place, spec, effects))
    return found


def _effects(graph: CausalGraph, place: int, spec: RootCauseSpec) -> dict[int, float]:
    first, offsets = graph.base[place], graph.layouts[place].offsets
    return {first + offsets[effect.symptom]: effect.probability for effect in spec.effects}


def _candidate(observed: Observed, place: int, spec: RootCauseSpec, effects: Mapping[int, float]) -> Candidate:
    reached = forward(observed, effects)
    active = {node: reached[node] for node in reached if node in observed.active}
    absence = _absence(observed, reached) + _unseen(observed, place, effects)
    return Candidate(observed.graph.entities[place], place, spec, reached, active, absence, _lateness(observed, active))


def _absence(observed: Observed, reached: Mapping[int, Reached]) -> float:
    return math.fsum(
        each.share * math.log1p(-each.belief * (1.0 - observed.graph.miss[node]))
        for node, each in reached.items()
        if observed.absent(node)
    )


def _unseen(observed: Observed, place: int, effects: Mapping[int, float]) -> float:
    graph = observed.graph
    if not graph.judged(place):
        return 0.0
    unseen = [node for node in effects if not graph.watched[node] and node not in observed.active]
    return math.fsum(math.log1p(-effects[node] * (1.0 - graph.miss[node]) * _UNSEEN) for node in unseen)


def _lateness(observed: Observed, active: Mapping[int, Reached]) -> float:
    own = [observed.active[node].onset for node, each in active.items() if each.via == DIRECT]
    likely = [node for node, each in active.items() if each.via != DIRECT and each.belief >= _LIKELY]
    if not own or not likely:
        return 0.0
    late = min(own) - min(observed.active[node].onset for node in likely) - TOLERANCE
    return -min(max(late / _LATENESS, 0.0), _LATENESS_MOST)
