"""The symptom nodes and root causes that every entity of one type gets in the causal graph."""

from __future__ import annotations

from attrs import field, frozen

from causely_core.model import CausalModel, RootCauseSpec, SymptomSpec


@frozen(eq=False)
class Layout:
    """A causal model with its symptoms numbered.

    Attributes:
        symptoms: declared ones, then any that the model only mentions, with default leak and miss.
        offsets: symptom name to its place in ``symptoms``.
        root_causes: sorted by name.
    """

    entity_type: str
    symptoms: tuple[SymptomSpec, ...]
    root_causes: tuple[RootCauseSpec, ...]
    offsets: dict[str, int] = field(init=False)

    @offsets.default
    def _number(self) -> dict[str, int]:
        return {spec.name: place for place, spec in enumerate(self.symptoms)}

    @classmethod
    def of(cls, model: CausalModel) -> Layout:
        """The layout of ``model``."""
        specs = {spec.name: spec for spec in model.symptoms}
        effects = [effect.symptom for cause in model.root_causes for effect in cause.effects]
        for name in [*effects, *(each.symptom for each in model.propagations)]:
            specs.setdefault(name, SymptomSpec(name))
        causes = tuple(sorted(model.root_causes, key=lambda cause: cause.name))
        return cls(model.entity_type, tuple(specs.values()), causes)
