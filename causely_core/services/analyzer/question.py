"""What is asked of causal inference, and who answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from attrs import define, field, frozen

from causely_core.causal.catalogue import Catalogue
from causely_core.causal.graph import CausalGraph, build_graph
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
    """Infers with a catalogue; the causal graph is built anew only when the topology has changed."""

    catalogue: Catalogue
    _graph: CausalGraph | None = field(default=None, init=False)
    _revision: int = field(default=-1, init=False)

    def answer(self, question: Question) -> Diagnosis:
        """The root causes that explain the active symptoms."""
        if not question.active:
            return Diagnosis(question.time)
        if self._graph is None or self._revision != question.revision:
            self._graph = build_graph(self.catalogue, question.entities, question.relations)
            self._revision = question.revision
        return diagnose(self._graph, question.active, question.time)
