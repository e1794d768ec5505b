"""All that the causal models say of one entity type, for programs and for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console

from causely_core.causal import Catalogue
from causely_core.causal.carrier import is_carrier
from causely_core.causal.ways import Way, ways
from causely_core.cli.output import show
from causely_core.model import CausalModel, RootCauseSpec, SymptomSpec

SYMPTOMS = {"symptom": "name", "attribute": "attribute", "detector": "detector", "leak": "leak", "miss": "miss"}
DESCRIBED = {"description": "description"}
LOCAL = {"state": "state", "effect": "effect", "chance": "chance"}
OUT = {"state": "state", "along": "along", "to": "to", "effect": "effect", "chance": "chance"}
IN = {"from": "from", "state": "state", "along": "along", "effect": "effect", "chance": "chance"}


def card(catalogue: Catalogue, entity_type: str) -> dict[str, Any]:
    """JSON-ready; hidden states that only walk a path are left out, the path is told instead."""
    model, all_ways = catalogue.model(entity_type), ways(catalogue)
    specs = [spec for spec in model.symptoms if not is_carrier(spec.name)]
    own = [way for way in all_ways if way.source[0] == entity_type]
    return {
        "entity": entity_type,
        "symptoms": [_symptom(spec) for spec in specs if spec.observable],
        "states": [{"name": spec.name, "description": spec.description} for spec in specs if not spec.observable],
        "root_causes": root_causes(model),
        "local": [_way(way) for way in own if not way.steps],
        "out": [_way(way) for way in own if way.steps],
        "in": [_way(way) for way in all_ways if way.enters(model)],
    }


def root_causes(model: CausalModel) -> list[dict[str, Any]]:
    """The root causes of one type, JSON-ready."""
    return [_cause(cause) for cause in model.root_causes]


def summary(model: CausalModel, all_ways: Iterable[Way]) -> dict[str, Any]:
    """How much is known of one type."""
    specs = [spec for spec in model.symptoms if not is_carrier(spec.name)]
    return {
        "entity": model.entity_type,
        "symptoms": sum(spec.observable for spec in specs),
        "states": sum(not spec.observable for spec in specs),
        "root_causes": len(model.root_causes),
        "rules": sum(way.source[0] == model.entity_type for way in all_ways),
    }


def tell(found: Mapping[str, Any], out: Console) -> None:
    """Print a card for a person to read."""
    _table(out, "Symptoms", found["symptoms"], {**SYMPTOMS, **DESCRIBED})
    _table(out, "Hidden states", found["states"], {"state": "name", **DESCRIBED})
    if found["root_causes"]:
        out.print("[bold]Root causes[/]")
    for cause in found["root_causes"]:
        _tell_cause(cause, out)
    _table(out, "On the entity itself", found["local"], LOCAL)
    _table(out, "Spreads to", found["out"], OUT)
    _table(out, "Comes from", found["in"], IN)


def _table(out: Console, title: str, rows: list[dict[str, Any]], columns: Mapping[str, str]) -> None:
    if rows:
        out.print(f"[bold]{title}[/]")
        show(rows, columns, "table")
        out.print()


def _tell_cause(cause: Mapping[str, Any], out: Console) -> None:
    out.print(f"{cause['name']} ({cause['category']}, prior {cause['prior']:g})", markup=False, style="bold")
    out.print(f"  {cause['description']}", markup=False)
    shown = ", ".join(f"{name} {probability:g}" for name, probability in cause["effects"].items())
    out.print(f"  shows {shown}", markup=False)
    for hint in cause["remediation"]:
        out.print(f"  - {hint}", markup=False)
    out.print()


def _symptom(spec: SymptomSpec) -> dict[str, Any]:
    return {
        "name": spec.name,
        "description": spec.description,
        "attribute": spec.attribute or None,
        "detector": spec.detector or None,
        "leak": spec.leak,
        "miss": spec.miss,
    }


def _cause(cause: RootCauseSpec) -> dict[str, Any]:
    return {
        "name": cause.name,
        "prior": cause.prior,
        "category": cause.category,
        "description": cause.description,
        "effects": {effect.symptom: effect.probability for effect in cause.effects},
        "remediation": list(cause.remediation),
    }


def _way(way: Way) -> dict[str, Any]:
    return {
        "from": way.source[0],
        "state": way.source[1],
        "along": way.along,
        "to": way.target[0],
        "effect": way.target[1],
        "chance": way.probability,
    }
