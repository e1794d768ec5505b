"""Causal models written in YAML; docs/inference.md describes the language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import yaml
from yaml.reader import ReaderError

from causely_core.causal.model_error import ModelError
from causely_core.causal.rule_file import effects, local_rules, rules
from causely_core.causal.yaml_node import YamlNode
from causely_core.model import CausalModel, Propagation, RootCauseSpec, SymptomSpec

CATEGORIES = ("resource", "code", "config", "dependency", "load", "platform")


def parse_models(text: str, origin: str) -> list[CausalModel]:
    """The causal models in a YAML text: one a document, then what paths ask of the types on their way.

    Args:
        text: the file's contents.
        origin: the file's name, for complaints.

    Raises:
        ModelError: something is wrong; one line says where, what, and what would be right.
    """
    parsed = [_models(document) for document in _documents(text, origin)]
    return [model for model, _ in parsed] + [carrier for _, carriers in parsed for carrier in carriers]


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


def _models(node: YamlNode) -> tuple[CausalModel, list[CausalModel]]:
    fields = node.fields(("entity",), ("states", "symptoms", "root_causes", "propagates"))
    states, symptoms, root_causes = (_named(fields, key) for key in ("states", "symptoms", "root_causes"))
    both = [name for name in states if name in symptoms]
    if both:
        raise states[both[0]].wrong(f"{both[0]!r} is a symptom already; a hidden state needs a name of its own")
    specs = [_symptom(name, entry) for name, entry in symptoms.items()]
    specs += [_state(name, entry) for name, entry in states.items()]
    causes = tuple(_root_cause(name, entry) for name, entry in root_causes.items())
    entity_type = fields["entity"].text()
    items = fields["propagates"].items() if "propagates" in fields else []
    parts = [rules(entity_type, item) for item in items]
    spread: list[Propagation] = [*local_rules({**symptoms, **states}), *(rule for part, _ in parts for rule in part)]
    model = CausalModel(entity_type, tuple(specs), causes, tuple(spread))
    return model, [carrier for _, carriers in parts for carrier in carriers]


def _named(fields: Mapping[str, YamlNode], key: str) -> dict[str, YamlNode]:
    return fields[key].mapping() if key in fields else {}


def _symptom(name: str, node: YamlNode) -> SymptomSpec:
    fields = node.fields(("description",), ("attribute", "detector", "leak", "miss", "effects"))
    default = SymptomSpec(name)
    return SymptomSpec(
        name,
        fields["description"].text(),
        fields["leak"].probability() if "leak" in fields else default.leak,
        fields["miss"].probability() if "miss" in fields else default.miss,
        fields["attribute"].text() if "attribute" in fields else "",
        fields["detector"].text() if "detector" in fields else "",
    )


def _state(name: str, node: YamlNode) -> SymptomSpec:
    fields = node.fields(("description", "effects"))
    return SymptomSpec(name, fields["description"].text(), observable=False)


def _root_cause(name: str, node: YamlNode) -> RootCauseSpec:
    fields = node.fields(("prior", "category", "description", "effects"), ("remediation",))
    shown = tuple(effects(fields["effects"]))
    if not shown:
        raise fields["effects"].wrong(f"{name!r} has no effects; a cause that shows nothing cannot be found")
    return RootCauseSpec(
        name,
        fields["prior"].probability(),
        fields["category"].choice(CATEGORIES),
        fields["description"].text(),
        shown,
        tuple(item.text() for item in fields["remediation"].items()) if "remediation" in fields else (),
    )
