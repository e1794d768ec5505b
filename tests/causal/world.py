"""A world of one entity type, ``Thing``, small enough to reckon by hand."""

from __future__ import annotations

from causely_core.causal import Catalogue, build_graph
from causely_core.model import (
    WATCHED,
    CausalModel,
    Effect,
    Entity,
    Propagation,
    Relation,
    RootCauseSpec,
    SymptomSpec,
    entity_id,
)

MODEL = CausalModel(
    "Thing",
    (SymptomSpec("Slow_High", leak=0.01, miss=0.1), SymptomSpec("Hot_High", leak=0.02, miss=0.2)),
    (
        RootCauseSpec("Tired", 0.01, "code", "Tired.", (Effect("Slow_High", 0.9),)),
        RootCauseSpec("Fever", 0.02, "load", "Fever.", (Effect("Hot_High", 0.8), Effect("Slow_High", 0.4))),
    ),
    (Propagation("Slow_High", "calls", True, "*", Effect("Slow_High", 0.5)),),
)


def things(names, watched="Slow_High Hot_High", type="Thing"):
    made = [Entity.of(type, name, attributes={WATCHED: watched}) for name in names.split()]
    return {entity.id: entity for entity in made}


def related(pairs, relation="calls", **attributes):
    """Relations of ``pairs`` written ``a>b c>d``."""
    ends = [pair.split(">") for pair in pairs.split()]
    return [Relation(entity_id("Thing", a), relation, entity_id("Thing", b), attributes) for a, b in ends]


def world(names, pairs, model=MODEL, watched="Slow_High Hot_High"):
    return build_graph(Catalogue.of([model]), things(names, watched), related(pairs))
