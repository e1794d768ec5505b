"""The symptom nodes and root causes that every entity of one type gets in the causal graph."""

from __future__ import annotations

import numpy as np
from attrs import field, frozen

from causely_core.causal.arrays import Flags, Floats
from causely_core.model import CausalModel, RootCauseSpec, SymptomSpec


@frozen(eq=False)
class Layout:
    """A causal model with its symptoms and hidden states numbered.

    Attributes:
        symptoms: declared ones, then any that the model only mentions, with default leak and miss.
        offsets: symptom name to its place in ``symptoms``.
        root_causes: those with an effect, sorted by name.
        miss: one a symptom: probability that it is not seen though it is there.
        observable: one a symptom: whether it is a symptom and not a hidden state.
    """

    entity_type: str
    symptoms: tuple[SymptomSpec, ...]
    root_causes: tuple[RootCauseSpec, ...]
    offsets: dict[str, int] = field(init=False)
    miss: Floats = field(init=False)
    observable: Flags = field(init=False)

    @offsets.default
    def _number(self) -> dict[str, int]:
        return {spec.name: place for place, spec in enumerate(self.symptoms)}

    @miss.default
    def _misses(self) -> Floats:
        return np.array([spec.miss for spec in self.symptoms], dtype=np.float64)

    @observable.default
    def _observables(self) -> Flags:
        return np.array([spec.observable for spec in self.symptoms], dtype=np.bool_)

    @classmethod
    def of(cls, model: CausalModel) -> Layout:
        """The layout of ``model``."""
        specs = {spec.name: spec for spec in model.symptoms}
        effects = [effect.symptom for cause in model.root_causes for effect in cause.effects]
        local = [each.effect.symptom for each in model.propagations if not each.relation]
        for name in [*effects, *(each.symptom for each in model.propagations), *local]:
            specs.setdefault(name, SymptomSpec(name))
        causes = sorted((cause for cause in model.root_causes if cause.effects), key=lambda cause: cause.name)
        return cls(model.entity_type, tuple(specs.values()), tuple(causes))

    def watched(self, names: str) -> Flags:
        """One a symptom: whether it can be observed and is among ``names``, which spaces separate."""
        told = frozenset(names.split())
        return np.array([spec.observable and spec.name in told for spec in self.symptoms], dtype=np.bool_)
