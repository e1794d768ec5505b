"""Causal models written in YAML; docs/models.md describes the language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import frozen

from causely_core.causal.carrier import is_carrier
from causely_core.causal.model_error import ModelError
from causely_core.causal.model_node import ModelNode
from causely_core.causal.rule_file import Rule, local_rules, rules
from causely_core.causal.spec_file import CATEGORIES, PlacedCause, root_cause, state, symptom
from causely_core.model import CausalModel, SymptomSpec
from causely_core.yaml_lines import documents

__all__ = ["CATEGORIES", "ModelFile", "Part", "Places", "parse_models", "read_models"]

Part = tuple[object, ...]
"""(type, spec) of a symptom, root cause or propagation; (type, root cause's name, effect) of a root cause's effect."""
Places = Mapping[Part, str]
"""The ``file:line`` of parts of models."""


@frozen
class ModelFile:
    """What one file says.

    Attributes:
        models: one a document, then one for each hidden state that a path needs on its way.
        places: where each part of them is written.
    """

    models: tuple[CausalModel, ...]
    places: Places


def parse_models(text: str, origin: str) -> list[CausalModel]:
    """The causal models in a YAML text: one a document, then what paths ask of the types on their way.

    Args:
        text: the file's contents.
        origin: the file's name, for complaints.

    Raises:
        ModelError: something is wrong; one line says where, what, and what would be right.
    """
    return list(read_models(text, origin).models)


def read_models(text: str, origin: str) -> ModelFile:
    """The same as :func:`parse_models`, with the places of all parts."""
    nodes = documents(text, origin, ModelNode)
    if not nodes:
        raise ModelError(f"{origin}:1: no causal model; expected a mapping that begins with 'entity'")
    parsed = [_Document.of(node) for node in nodes]
    carriers = [carrier for document in parsed for carrier in document.carriers()]
    places = {part: place for document in parsed for part, place in document.places()}
    return ModelFile((*(document.model() for document in parsed), *carriers), places)


@frozen
class _Document:
    """One document, read and checked; each part with where it is written."""

    entity_type: str
    symptoms: list[tuple[SymptomSpec, str]]
    causes: list[PlacedCause]
    rules: list[Rule]

    @classmethod
    def of(cls, node: ModelNode) -> _Document:
        fields = node.fields(("entity",), ("states", "symptoms", "root_causes", "propagates"))
        states, symptoms, causes = (_named(fields, key) for key in ("states", "symptoms", "root_causes"))
        for name in states:
            if name in symptoms:
                raise states[name].wrong(f"{name!r} is a symptom already; a hidden state needs a name of its own")
        specs = [(symptom(name, entry), entry.place) for name, entry in symptoms.items()]
        specs += [(state(name, entry), entry.place) for name, entry in states.items()]
        entity_type = fields["entity"].name()
        found = list(local_rules(entity_type, {**symptoms, **states}))
        for item in fields["propagates"].items() if "propagates" in fields else ():
            found += rules(entity_type, item)
        return cls(entity_type, specs, [root_cause(name, entry) for name, entry in causes.items()], found)

    def model(self) -> CausalModel:
        return CausalModel(
            self.entity_type,
            tuple(spec for spec, _ in self.symptoms),
            tuple(cause.spec for cause in self.causes),
            tuple(rule.propagation for rule in self.rules if not is_carrier(rule.propagation.symptom)),
        )

    def carriers(self) -> Iterator[CausalModel]:
        for rule in self.rules:
            name = rule.propagation.symptom
            if is_carrier(name):
                spec = SymptomSpec(name, "Passes on what is the matter further down.", observable=False)
                yield CausalModel(rule.entity_type, (spec,), (), (rule.propagation,))

    def places(self) -> Iterator[tuple[Part, str]]:
        for spec, place in self.symptoms:
            yield (self.entity_type, spec), place
        for cause in self.causes:
            yield (self.entity_type, cause.spec), cause.place
            yield from (((self.entity_type, cause.spec.name, effect), place) for effect, place in cause.shown)
        for rule in self.rules:
            yield (rule.entity_type, rule.propagation), rule.place


def _named(fields: Mapping[str, ModelNode], key: str) -> dict[str, ModelNode]:
    return fields[key].named() if key in fields else {}
