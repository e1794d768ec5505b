"""What is asked of causal inference, and who answers."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from typing import Protocol

from attrs import define, field, frozen

from causely_core.causal.catalogue import Catalogue
from causely_core.causal.change import Change
from causely_core.causal.graph import CausalGraph
from causely_core.causal.inference import diagnose
from causely_core.model import Diagnosis, Entity, EntityId, Relation, Symptom, SymptomKey


@frozen
class Question:
    """The world at one moment; nothing in it changes afterwards, so that another thread may read it.

    Attributes:
        time: seconds since the epoch.
        entities: by id.
        relations: between those entities.
        active: active symptoms by key.
        revision: two questions of the same revision have the same entities and relations.
    """

    time: float
    entities: Mapping[EntityId, Entity]
    relations: Sequence[Relation]
    active: Mapping[SymptomKey, Symptom]
    revision: int


class Reasoner(Protocol):
    """Answers questions, one at a time."""

    def answer(self, question: Question) -> Diagnosis:
        """The root causes that explain the active symptoms."""
        ...


@define
class CausalReasoner:
    """Infers with a catalogue; the causal graph follows what changes in the topology."""

    catalogue: Catalogue
    _graph: CausalGraph = field(init=False)
    _known: Question = field(factory=lambda: Question(0.0, {}, (), {}, -1), init=False)

    @_graph.default
    def _nothing(self) -> CausalGraph:
        return CausalGraph.of(self.catalogue)

    def answer(self, question: Question) -> Diagnosis:
        """The root causes that explain the active symptoms."""
        if not question.active:
            return Diagnosis(question.time)
        if self._known.revision != question.revision:
            self._follow(question)
        return diagnose(self._graph, question.active, question.time)

    def _follow(self, question: Question) -> None:
        first = self._known.revision < 0
        self._graph.apply(Change.between(self._known, question))
        self._known = question
        if first:
            # The graph stays as long as the process. Each full collection would walk all of it, which holds up
            # every thread for 145 ms at 100,000 entities; what is garbage by now must go before it stays too.
            gc.collect()
            gc.freeze()
