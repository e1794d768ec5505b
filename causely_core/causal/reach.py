"""What can follow from a state of a type, by the causal models alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen

from causely_core.model import CausalModel, Propagation, SymptomSpec

ANY = "*"
"""Stands for every entity type."""
State = tuple[str, str]
"""Entity type and the name of one of its symptoms or hidden states."""


@frozen
class Reach:
    """Follows propagation rules from type to type.

    Attributes:
        models: by entity type.
        specs: the symptoms and hidden states that types declare.
    """

    models: Mapping[str, CausalModel]
    specs: Mapping[State, SymptomSpec]

    @classmethod
    def of(cls, models: Iterable[CausalModel]) -> Reach:
        """Over ``models``, one of a type."""
        by_type = {model.entity_type: model for model in models}
        specs = {(type, spec.name): spec for type, model in by_type.items() for spec in model.symptoms}
        return cls(by_type, specs)

    def shows(self, entity_type: str, state: str) -> bool:
        """Whether anything that can be observed may follow from ``state``, or is it; what is undeclared is."""
        return any(each not in self.specs or self.specs[each].observable for each in self.after([(entity_type, state)]))

    def after(self, states: Iterable[State]) -> Iterator[State]:
        """``states`` and all that may follow from them, each once."""
        todo = list(dict.fromkeys(states))
        seen = set(todo)
        while todo:
            state = todo.pop()
            yield state
            fresh = [each for each in self._next(state) if each not in seen]
            seen.update(fresh)
            todo += dict.fromkeys(fresh)

    def _next(self, state: State) -> Iterator[State]:
        entity_type, name = state
        for rule in self.models[entity_type].propagations if entity_type in self.models else ():
            if rule.symptom == name:
                yield from self._reached(entity_type, rule)

    def _reached(self, entity_type: str, rule: Propagation) -> Iterator[State]:
        """Where a rule ends; along a relation only on types that have the effect, as the causal graph is drawn."""
        if not rule.relation:
            yield entity_type, rule.effect.symptom
            return
        for there in self.models if rule.neighbour == ANY else (rule.neighbour,):
            if (there, rule.effect.symptom) in self.specs:
                yield there, rule.effect.symptom
