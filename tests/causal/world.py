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


def arrows(graph):
    """Every arrow of a graph, from both of its ends: causing and caused symptom, relation, probability and share."""
    leaving = sorted(_told(graph, graph.out, outward=True))
    entering = sorted(_told(graph, graph.into, outward=False))
    assert [each[:4] for each in leaving] == [each[:4] for each in entering]
    return leaving


def _told(graph, arrows, outward):
    for node in range(len(arrows.rows.first)):
        for position in range(arrows.rows.first[node], arrows.rows.stop[node]):
            ends = [graph.key(node), graph.key(int(arrows.head[position]))]
            rule = arrows.rule[position]
            cause, effect = ends if outward else ends[::-1]
            share = float(arrows.share[position])
            yield cause, effect, graph.relations[rule], float(graph.rules.probability[rule]), share
