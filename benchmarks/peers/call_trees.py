"""Random call trees, in which symptoms spread from callee to caller and the engine is approximate.

The network has a hidden state for each service's latency, a noisy OR of its own causes and its callees' states, and
what is seen of it: 1 - miss with a leak when it is there, the leak when not. The engine, for each cause, follows the
strongest path alone and revises its belief at each symptom on the way by what is seen there; that is exact along a
chain with one cause, less so where causes meet.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from network import Network, NoisyOr, sample
from world import World, name

from causely_core.causal import Catalogue
from causely_core.model import (
    WATCHED,
    CausalModel,
    Effect,
    Entity,
    EntityId,
    Propagation,
    Relation,
    RootCauseSpec,
    SymptomSpec,
)

SLOW, HOT = SymptomSpec("RequestLatency_High", leak=0.01, miss=0.1), SymptomSpec("CPUUtilization_High", leak=0.02)
SPREADS = 0.7
MODEL = CausalModel(
    "Service",
    (SLOW, HOT),
    (
        RootCauseSpec("Congested", 0.01, "load", "", (Effect(SLOW.name, 0.9), Effect(HOT.name, 0.8))),
        RootCauseSpec("Malfunction", 0.008, "code", "", (Effect(SLOW.name, 0.8),)),
    ),
    (Propagation(SLOW.name, "calls", True, "Service", Effect(SLOW.name, SPREADS)),),
)
CALLEES = 3


def parents(count: int, chance: random.Random) -> list[int]:
    """The caller of each service but the first, with at most ``CALLEES`` for one caller."""
    callers: list[int] = []
    for number in range(1, count):
        callers.append(chance.choice([each for each in range(number) if callers.count(each) < CALLEES]))
    return callers


def topology(callers: Sequence[int]) -> tuple[dict[EntityId, Entity], list[Relation]]:
    """Services that are watched, and who calls whom."""
    watched = {WATCHED: f"{SLOW.name} {HOT.name}"}
    services = [Entity.of("Service", f"s{n}", attributes=watched) for n in range(len(callers) + 1)]
    relations = [
        Relation(services[caller].id, "calls", services[callee].id, {"mode": "sync"})
        for callee, caller in enumerate(callers, start=1)
    ]
    return {service.id: service for service in services}, relations


def call_tree(services: int, seed: int) -> World:
    """A tree in which one or two services have a cause, and two or more symptoms show."""
    chance = random.Random(seed)
    entities, relations = topology(parents(services, chance))
    network = _network(list(entities), relations)
    causes = [name(id, root.name) for id in entities for root in MODEL.root_causes]
    shown = [name(id, spec.name) for id in entities for spec in MODEL.symptoms]
    seen: dict[str, bool] = {}
    while sum(seen.values()) < 2:
        there = set(chance.sample(causes, chance.randint(1, 2)))
        state = sample(network, {each: each in there for each in causes}, chance)
        seen = {each: state[each] for each in shown}
    label = f"call tree of {services} services"
    return World(label, network, causes, seen, Catalogue.of([MODEL]), entities, relations)


def _network(ids: Sequence[EntityId], relations: Sequence[Relation]) -> Network:
    """Callees have higher numbers than their callers: from the last to the first, parents come before children."""
    network: dict[str, NoisyOr] = {}
    for id in reversed(ids):
        network |= {name(id, root.name): NoisyOr(root.prior) for root in MODEL.root_causes}
        callees = {name(each.target, "slow"): SPREADS for each in relations if each.source == id}
        network[name(id, "slow")] = NoisyOr(0.0, _shown_by(id, SLOW.name) | callees)
        network[name(id, SLOW.name)] = NoisyOr(SLOW.leak, {name(id, "slow"): 1.0 - SLOW.miss})
        hot = {cause: p * (1.0 - HOT.miss) for cause, p in _shown_by(id, HOT.name).items()}
        network[name(id, HOT.name)] = NoisyOr(HOT.leak, hot)
    return network


def _shown_by(id: EntityId, symptom: str) -> dict[str, float]:
    return {
        name(id, root.name): effect.probability
        for root in MODEL.root_causes
        for effect in root.effects
        if effect.symptom == symptom
    }
