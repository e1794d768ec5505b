"""The contract of causal models."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from causely_core.causal import Catalogue, ModelError
from causely_core.causal.carrier import is_carrier
from causely_core.causal.model_file import Part, read_models
from causely_core.causal.problems import Problem
from causely_core.model import CausalModel
from causely_core.testing.contracts.plugin import PluginContract
from causely_core.testing.fix import fix, require
from causely_core.testing.words import core_models


class CausalModelContract(PluginContract):
    """Inherit it in a test class, and give it a fixture ``plugin``."""

    hook: ClassVar[str] = "causely_causal_models"
    thing: ClassVar[str] = "model"

    @pytest.fixture
    def component(self) -> str:
        """Causal models are the analyzer's."""
        return "analyzer"

    @pytest.fixture
    def models(self, brought: list[Any]) -> list[CausalModel]:
        """The models that are tested, read."""
        return _read(brought)[0]

    def test_names_are_given_and_unique(self, brought: list[Any]) -> None:
        """No entity type has a root cause or symptom twice: the later one would replace the earlier one silently."""
        models = _read(brought)[0]
        names = Counter(name for model in models for name in _names(model))
        twice = [name for name, times in names.items() if times > 1]
        require(not twice, f"{', '.join(twice)} is there twice", "give each root cause and symptom a name of its own")

    def test_hooks_can_be_called_twice(self, brought: list[Any], contexts: Any) -> None:
        """The same models each time."""
        again = _read(contexts.items_now(self.hook))[0]
        require(
            _read(brought)[0] == again, f"{self.hook} brings other models when it is called again", "build them anew"
        )

    def test_models_have_no_problems(self, brought: list[Any]) -> None:
        """Merged over the core's: every effect leads to a symptom, every root cause can be found."""
        models, places = _read(brought)
        before = set(Catalogue.of(core_models()).problems({}))
        for problem in Catalogue.of([*core_models(), *models]).problems(places):
            if problem not in before:
                _refuse(problem)

    def test_root_causes_tell_what_to_do(self, models: list[CausalModel]) -> None:
        """A description and a remediation: they are what people read."""
        for model in models:
            for cause in model.root_causes:
                told = f"root cause {model.entity_type}.{cause.name}"
                require(cause.description, f"{told} has no description", "say in one sentence what is wrong")
                require(cause.remediation, f"{told} has no remediation", "say what a person would do about it")


def _names(model: CausalModel) -> Iterator[str]:
    names = [*(symptom.name for symptom in model.symptoms), *(cause.name for cause in model.root_causes)]
    # Paths that begin or meet at one type share the states on their way, which have names of their own kind.
    return (f"{model.entity_type}.{name}" for name in names if not is_carrier(name))


def _read(brought: list[Any]) -> tuple[list[CausalModel], dict[Part, str]]:
    models: list[CausalModel] = []
    places: dict[Part, str] = {}
    for each in brought:
        if isinstance(each, CausalModel):
            models.append(each)
        elif isinstance(each, Path):
            try:
                file = read_models(each.read_text(), each.name)
            except (OSError, ModelError) as problem:
                fix(f"a model file cannot be read: {problem}", "correct it; docs/models.md describes the language")
            models += file.models
            places.update(file.places)
        else:
            fix(
                f"causely_causal_models brings a {type(each).__name__}",
                "return CausalModel objects, or Paths of YAML files",
            )
    return models, places


def _refuse(problem: Problem) -> None:
    fix(f"{problem.where}: {problem.text}", "correct the model; docs/models.md describes the language")
