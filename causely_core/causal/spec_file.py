"""The entries of a YAML causal model: symptoms, hidden states and root causes, each with where it is written."""

from __future__ import annotations

from attrs import frozen

from causely_core.causal.model_node import ModelNode
from causely_core.causal.rule_file import effects
from causely_core.model import Effect, RootCauseSpec, SymptomSpec

CATEGORIES = ("resource", "code", "config", "dependency", "load", "platform")


@frozen
class PlacedCause:
    """A root cause, its ``file:line``, and that of each of its effects."""

    spec: RootCauseSpec
    place: str
    shown: list[tuple[Effect, str]]


def symptom(name: str, node: ModelNode) -> SymptomSpec:
    """One entry of ``symptoms``."""
    fields = node.fields(("description",), ("attribute", "detector", "leak", "miss", "effects"))
    default = SymptomSpec(name)
    if "detector" in fields and "attribute" not in fields:
        raise fields["detector"].wrong("'detector' without 'attribute'; say which attribute it judges")
    return SymptomSpec(
        name,
        fields["description"].text(),
        fields["leak"].probability() if "leak" in fields else default.leak,
        fields["miss"].probability() if "miss" in fields else default.miss,
        fields["attribute"].text() if "attribute" in fields else "",
        fields["detector"].text() if "detector" in fields else "",
    )


def state(name: str, node: ModelNode) -> SymptomSpec:
    """One entry of ``states``."""
    fields = node.fields(("description",), ("effects",))
    return SymptomSpec(name, fields["description"].text(), observable=False)


def root_cause(name: str, node: ModelNode) -> PlacedCause:
    """One entry of ``root_causes``."""
    fields = node.fields(("prior", "category", "description", "effects"), ("remediation",))
    if not fields["effects"].mapping():
        raise fields["effects"].wrong(f"{name!r} has no effects; a cause that shows nothing cannot be found")
    shown = effects(fields["effects"])
    spec = RootCauseSpec(
        name,
        fields["prior"].probability(),
        fields["category"].choice(CATEGORIES),
        fields["description"].text(),
        tuple(effect for effect, _ in shown),
        tuple(item.text() for item in fields["remediation"].items()) if "remediation" in fields else (),
    )
    return PlacedCause(spec, node.place, shown)
