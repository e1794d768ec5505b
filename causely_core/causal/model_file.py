"""Causal models written in YAML; docs/inference.md describes the language."""

from __future__ import annotations

from collections.abc import Iterator

import yaml
from yaml.reader import ReaderError

from causely_core.causal.model_error import ModelError
from causely_core.causal.yaml_node import YamlNode
from causely_core.model import CausalModel, Effect, Propagation, RootCauseSpec, SymptomSpec

CATEGORIES = ("resource", "code", "config", "dependency", "load", "platform")
DIRECTIONS = ("forward", "inverse")


def parse_models(text: str, origin: str) -> list[CausalModel]:
    """The causal models in a YAML text, one a document.

    Args:
        text: the file's contents.
        origin: the file's name, for complaints.

    Raises:
        ModelError: something is wrong; one line says where, what, and what would be right.
    """
    return [_model(document) for document in _documents(text, origin)]


def _documents(text: str, origin: str) -> list[YamlNode]:
    documents = [YamlNode(document, origin) for document in _composed(text, origin)]
    if not documents:
        raise ModelError(f"{origin}:1: no causal model; expected a mapping that begins with 'entity'")
    return documents


def _composed(text: str, origin: str) -> Iterator[yaml.Node]:
    loader = None
    try:
        loader = yaml.SafeLoader(text)
        while document := loader.check_node() and loader.get_node():
            yield document
    except ReaderError as problem:
        line = text.count("\n", 0, problem.position) + 1
        raise ModelError(f"{origin}:{line}: not YAML: {problem.reason}: {chr(problem.character)!r}") from problem
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        raise ModelError(f"{origin}:{line}: not YAML: {problem.problem}") from problem
    except (RecursionError, ValueError, OverflowError) as problem:
        line = loader.line + 1 if loader else 1
        raise ModelError(f"{origin}:{line}: not YAML that can be read: {_why(problem)}") from problem


def _why(problem: Exception) -> str:
    return "nested too deeply" if isinstance(problem, RecursionError) else " ".join(str(problem).split())


def _model(node: YamlNode) -> CausalModel:
    fields = node.fields(("entity",), ("symptoms", "root_causes", "propagates"))
    symptoms = fields["symptoms"].mapping() if "symptoms" in fields else {}
    root_causes = fields["root_causes"].mapping() if "root_causes" in fields else {}
    propagates = fields["propagates"].items() if "propagates" in fields else []
    return CausalModel(
        fields["entity"].text(),
        tuple(_symptom(name, entry) for name, entry in symptoms.items()),
        tuple(_root_cause(name, entry) for name, entry in root_causes.items()),
        tuple(_propagation(entry) for entry in propagates),
    )


def _symptom(name: str, node: YamlNode) -> SymptomSpec:
    fields = node.fields(("description",), ("leak", "miss"))
    default = SymptomSpec(name)
    return SymptomSpec(
        name,
        fields["description"].text(),
        fields["leak"].probability() if "leak" in fields else default.leak,
        fields["miss"].probability() if "miss" in fields else default.miss,
    )


def _root_cause(name: str, node: YamlNode) -> RootCauseSpec:
    fields = node.fields(("prior", "category", "description", "effects"), ("remediation",))
    effects = tuple(_effects(fields["effects"]))
    if not effects:
        raise fields["effects"].wrong(f"{name!r} has no effects; a cause that shows nothing cannot be found")
    return RootCauseSpec(
        name,
        fields["prior"].probability(),
        fields["category"].choice(CATEGORIES),
        fields["description"].text(),
        effects,
        tuple(item.text() for item in fields["remediation"].items()) if "remediation" in fields else (),
    )


def _effects(node: YamlNode) -> Iterator[Effect]:
    return (Effect(symptom, entry.probability()) for symptom, entry in node.mapping().items())


def _propagation(node: YamlNode) -> Propagation:
    fields = node.fields(("symptom", "along", "direction", "to", "effect", "probability"), ("mode",))
    return Propagation(
        fields["symptom"].text(),
        fields["along"].text(),
        fields["direction"].choice(DIRECTIONS) == "inverse",
        fields["to"].text(),
        Effect(fields["effect"].text(), fields["probability"].probability()),
        fields["mode"].text() if "mode" in fields else "",
    )
