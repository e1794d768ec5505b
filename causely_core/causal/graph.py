"""The causal graph: the causal model instantiated on the topology, followed lazily from candidate causes.

A state is a symptom of an entity, observed or not. A cause shows effects on its own entity; states spread to
neighbours along propagations. The strength of a state is that of its strongest path, a product of probabilities:
going round a cycle of calls only makes it weaker, so cycles need no special treatment.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from attrs import define, field, frozen

from causely_core.causal.catalogue import Catalogue
from causely_core.model import Entity, EntityId, Propagation, Relation, RootCauseSpec, SymptomKey

CUTOFF = 0.02
"""States less probable than this are not followed further: they would move no decision."""


@frozen(order=True)
class Cause:
    """A root cause that one entity can have."""

    entity: EntityId
    spec: RootCauseSpec = field(order=lambda spec: spec.name)


@frozen
class Arrival:
    """How a state is reached best: from which state, over which relation, with which probability."""

    source: SymptomKey
    relation: str
    probability: float


@frozen
class Reach:
    """All states that a cause makes likely, with the probability of each and how it is reached."""

    probability: Mapping[SymptomKey, float]
    arrivals: Mapping[SymptomKey, Arrival]


@frozen
class Neighbour:
    """One end of a relation as seen from the other."""

    relation: str
    inverse: bool
    entity: EntityId
    mode: str


@define
class CausalGraph:
    """What can cause what, on this topology.

    Attributes:
        entities: by id.
    """

    catalogue: Catalogue
    entities: Mapping[EntityId, Entity]
    _neighbours: Mapping[EntityId, list[Neighbour]]
    _reaches: dict[Cause, Reach] = field(factory=dict, init=False)

    def reach(self, cause: Cause) -> Reach:
        """What ``cause`` makes likely; computed once."""
        if cause not in self._reaches:
            self._reaches[cause] = self._follow(cause)
        return self._reaches[cause]

    def candidates(self, states: Sequence[SymptomKey]) -> list[Cause]:
        """Every cause that could make one of ``states`` likely, sorted."""
        seen, waiting = set(states), list(states)
        found: set[Cause] = set()
        while waiting:
            state = waiting.pop()
            found.update(self._causes_of(state))
            fresh = set(self._origins(state)) - seen
            seen |= fresh
            waiting.extend(fresh)
        return sorted(found, key=lambda cause: (cause.entity, cause.spec.name))

    def _follow(self, cause: Cause) -> Reach:
        own = SymptomKey(cause.entity, cause.spec.name)
        probability: dict[SymptomKey, float] = {}
        arrivals: dict[SymptomKey, Arrival] = {}
        heap: list[tuple[float, SymptomKey, Arrival]] = [
            (-effect.probability, SymptomKey(cause.entity, effect.symptom), Arrival(own, "", effect.probability))
            for effect in cause.spec.effects
        ]
        heapq.heapify(heap)
        while heap:
            negative, state, arrival = heapq.heappop(heap)
            if state in probability:
                continue
            probability[state], arrivals[state] = -negative, arrival
            for target, step in self._spread(state):
                strength = -negative * step.probability
                if strength >= CUTOFF and target not in probability:
                    heapq.heappush(heap, (-strength, target, step))
        return Reach(probability, arrivals)

    def _causes_of(self, state: SymptomKey) -> Iterator[Cause]:
        model = self._model(state.entity)
        for spec in model.root_causes if model else ():
            if any(effect.symptom == state.name for effect in spec.effects):
                yield Cause(state.entity, spec)

    def _spread(self, state: SymptomKey) -> Iterator[tuple[SymptomKey, Arrival]]:
        model = self._model(state.entity)
        for rule in model.propagations if model else ():
            if rule.symptom == state.name:
                for neighbour in self._neighbours.get(state.entity, ()):
                    if self._walks(rule, neighbour):
                        target = SymptomKey(neighbour.entity, rule.effect.symptom)
                        yield target, Arrival(state, rule.relation, rule.effect.probability)

    def _origins(self, state: SymptomKey) -> Iterator[SymptomKey]:
        """The states of neighbours that spread to ``state``."""
        for neighbour in self._neighbours.get(state.entity, ()):
            model = self._model(neighbour.entity)
            back = Neighbour(neighbour.relation, not neighbour.inverse, state.entity, neighbour.mode)
            for rule in model.propagations if model else ():
                if rule.effect.symptom == state.name and self._walks(rule, back):
                    yield SymptomKey(neighbour.entity, rule.symptom)

    def _walks(self, rule: Propagation, neighbour: Neighbour) -> bool:
        return (
            rule.relation == neighbour.relation
            and rule.inverse == neighbour.inverse
            and rule.mode in ("", neighbour.mode)
            and rule.neighbour in ("*", self.entities[neighbour.entity].type)
        )

    def _model(self, entity):
        found = self.entities.get(entity)
        return self.catalogue.model(found.type) if found else None


def build_graph(catalogue, entities, relations):
    """The graph of ``catalogue`` on a topology."""
    neighbours = defaultdict(list)
    for relation in relations:
        mode = relation.attributes.get("mode", "")
        neighbours[relation.source].append(Neighbour(relation.type, False, relation.target, mode))
        neighbours[relation.target].append(Neighbour(relation.type, True, relation.source, mode))
    return CausalGraph(catalogue, entities, neighbours)
