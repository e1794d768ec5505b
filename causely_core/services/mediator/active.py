"""Symptoms that one source of an agent's holds, by the ids of the agent, and as they are told under names."""

from __future__ import annotations

from collections.abc import Callable

from attrs import define, evolve, field

from causely_core.model import EntityId, Manifestation, SymptomDelta, SymptomKey


@define
class ActiveSymptoms:
    """What is active. Of two symptoms that are one by its name, the more severe is told while either is active."""

    _active: dict[SymptomKey, Manifestation] = field(factory=dict, init=False)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._active)

    @property
    def keys(self) -> list[SymptomKey]:
        """By the ids of the agent."""
        return list(self._active)

    @property
    def entities(self) -> set[EntityId]:
        """Whose they are, likewise."""
        return {key.entity for key in self._active}

    def apply(self, delta: SymptomDelta, name: Callable[[EntityId], EntityId]) -> SymptomDelta:
        """Take in what the agent says; what is to be told of it."""
        if delta.snapshot:
            self._active = {}
        for manifestation in delta.manifestations:
            if manifestation.symptom.active:
                self._active[manifestation.symptom.key] = manifestation
            else:
                self._active.pop(manifestation.symptom.key, None)
        told = {each.symptom.key: each for each in (_named(each, name) for each in delta.manifestations)}
        active = self._told(name)
        return evolve(delta, manifestations=tuple(active.get(key, each) for key, each in told.items()))

    def snapshot(self, source: str, name: Callable[[EntityId], EntityId]) -> SymptomDelta:
        """All that is active."""
        return SymptomDelta(source, tuple(self._told(name).values()), True)

    def _told(self, name: Callable[[EntityId], EntityId]) -> dict[SymptomKey, Manifestation]:
        told: dict[SymptomKey, Manifestation] = {}
        for each in sorted(self._active.values(), key=lambda each: each.symptom.severity):
            named = _named(each, name)
            told[named.symptom.key] = named
        return told


def _named(manifestation: Manifestation, name: Callable[[EntityId], EntityId]) -> Manifestation:
    symptom = manifestation.symptom
    named = name(symptom.entity)
    return manifestation if named == symptom.entity else evolve(manifestation, symptom=evolve(symptom, entity=named))
