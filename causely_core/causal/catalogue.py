"""The catalogue: all causal models merged, by entity type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from attrs import define, field

from causely_core.causal.model_file import Places, parse_models
from causely_core.causal.problems import Detectors, Problem, problems, undeclared
from causely_core.model import CausalModel, Propagation, RootCauseSpec, SymptomSpec

__all__ = ["Catalogue", "parse_models"]

_Spec = TypeVar("_Spec", SymptomSpec, RootCauseSpec)


@define
class Catalogue:
    """What is known about each entity type; models added later extend and replace by name."""

    _models: dict[str, CausalModel] = field(factory=dict, init=False)

    @classmethod
    def of(cls, models: Iterable[CausalModel]) -> Catalogue:
        """The catalogue of ``models``, added in their order."""
        catalogue = cls()
        for model in models:
            catalogue.add(model)
        return catalogue

    def add(self, model: CausalModel) -> None:
        """Merge ``model``.

        A symptom or root cause of a known name is replaced; so is a propagation that differs from a known one
        in nothing but its probability.
        """
        known = self.model(model.entity_type)
        self._models[model.entity_type] = CausalModel(
            model.entity_type,
            _by_name(known.symptoms + model.symptoms),
            _by_name(known.root_causes + model.root_causes),
            tuple({_arrow(each): each for each in known.propagations + model.propagations}.values()),
        )

    def model(self, entity_type: str) -> CausalModel:
        """What is known about ``entity_type``; an empty model when nothing is."""
        return self._models.get(entity_type, CausalModel(entity_type))

    def __iter__(self) -> Iterator[CausalModel]:
        """The merged models, sorted by entity type."""
        return (self._models[name] for name in sorted(self._models))

    def undeclared(self) -> list[str]:
        """One line for each effect or propagated symptom that its own entity type does not declare.

        Such a symptom takes part with the default leak and miss, but is most often a typing error.
        """
        return [str(problem) for problem in undeclared(self)]

    def problems(self, places: Places, detectors: Detectors | None = None) -> list[Problem]:
        """What only all models together show: effects that lead nowhere, causes that nothing shows, and the like.

        Args:
            places: where parts of the models are written, as far as known.
            detectors: all installed ones; none to leave out what depends on them.
        """
        return problems(self, places, detectors)


def _by_name(specs: tuple[_Spec, ...]) -> tuple[_Spec, ...]:
    return tuple({spec.name: spec for spec in specs}.values())


def _arrow(each: Propagation) -> tuple[str, str, bool, str, str, str]:
    return each.symptom, each.relation, each.inverse, each.neighbour, each.effect.symptom, each.mode
