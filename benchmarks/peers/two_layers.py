"""Random worlds of two layers, in which the engine's score is exactly a Bayesian network's posterior.

Root causes show symptoms of their own entity, and nothing spreads. Let the causes C be independent with priors
``pi``, and each symptom a noisy OR of them: ``P(seen | C) = 1 - (1 - leak) x product over C of (1 - p (1 - miss))``.
The log posterior of C against that of no cause is then a sum of

- ``ln(pi / (1 - pi))`` for each cause: the engine's prior;
- ``ln P(seen | C) - ln leak`` for each active symptom: the engine's evidence, for every direct effect is a way of its
  own, and belief is ``p``;
- ``ln(1 - p (1 - miss))`` for each absent symptom and cause: the engine's absence. The leak cancels, and the share of
  a direct effect is 1.

No term is left over, and none missing, when

- each severity is a third, or the network's leak is taken as ``leak ^ (0.5 + 1.5 severity)`` where a symptom is active;
- every effect is watched or active, or nothing of the entity is watched, which leaves only what is active as evidence;
- a cause that shows an active symptom shows one with 0.05 or more, for a weaker one is no candidate. One that shows
  none is independent of all others given what is seen: leaving it out changes nothing, and below a prior of 0.5 it is
  in no best set;
- several entities do not hang together; their posterior is the product of each one's. Onsets count only where
  something spreads.

The best set is then the network's, while the search is within its budget. Probabilities are approximate: they are
summed over the sets that the search met within 14 nats of the best, and normalised over these.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from network import NoisyOr, sample
from world import World, name

from causely_core.causal import Catalogue
from causely_core.model import WATCHED, CausalModel, Effect, Entity, RootCauseSpec, SymptomSpec

PARENTS = 6
"""Causes of a symptom at most: the peers write a noisy OR as a table, exponential in them."""


def two_layers(causes: int, symptoms: int, seed: int) -> World:
    """A world of one entity in which one to three causes are there and two or more symptoms show."""
    chance = random.Random(seed)
    specs = [
        SymptomSpec(f"S{n}_High", "", chance.uniform(0.002, 0.05), chance.uniform(0.05, 0.2)) for n in range(symptoms)
    ]
    roots = _root_causes(specs, causes, chance)
    box = Entity.of("Box", "box", attributes={WATCHED: " ".join(spec.name for spec in specs)})
    names = [name(box.id, root.name) for root in roots]
    network = {name(box.id, root.name): NoisyOr(root.prior) for root in roots}
    network |= {name(box.id, spec.name): _seen(box, spec, roots) for spec in specs}
    seen: dict[str, bool] = {}
    while sum(seen.values()) < 2:
        there = set(chance.sample(names, chance.randint(1, min(3, causes))))
        state = sample(network, {each: each in there for each in names}, chance)
        seen = {each: state[each] for each in network if each not in names}
    catalogue = Catalogue.of([CausalModel("Box", tuple(specs), tuple(roots))])
    return World(f"{causes} causes x {symptoms} symptoms", network, names, seen, catalogue, {box.id: box}, ())


def _root_causes(symptoms: Sequence[SymptomSpec], count: int, chance: random.Random) -> list[RootCauseSpec]:
    """Causes of up to five symptoms each; a symptom with all the parents it may have is left to the others."""
    free = {spec.name: PARENTS for spec in symptoms}
    roots = []
    for number in range(count):
        open_names = [each for each, left in free.items() if left]
        shown = chance.sample(open_names, min(chance.randint(2, 5), len(open_names)))
        free |= {each: free[each] - 1 for each in shown}
        effects = tuple(Effect(each, chance.uniform(0.2, 0.95)) for each in shown)
        roots.append(RootCauseSpec(f"C{number}", chance.uniform(0.005, 0.05), "code", "", effects))
    return roots


def _seen(box: Entity, spec: SymptomSpec, roots: Sequence[RootCauseSpec]) -> NoisyOr:
    parents = {
        name(box.id, root.name): effect.probability * (1.0 - spec.miss)
        for root in roots
        for effect in root.effects
        if effect.symptom == spec.name
    }
    return NoisyOr(spec.leak, parents)
