"""The propagation rules of a catalogue, numbered, and which of them fit which relations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from attrs import field, frozen

from causely_core.causal.arrays import Flags, Floats, Places
from causely_core.causal.catalogue import Catalogue
from causely_core.causal.cost import cost
from causely_core.causal.layout import Layout
from causely_core.model import EntityType, Propagation, RelationType

ANY = "*"


_LIKENESS: dict[str, float] = {RelationType.RUNS_ON: 0.5}
"""Of what hangs on one thing by a relation, where it is not wholly alike.

The operations of a service are views of the same requests, and its callers are asked by the same users; what runs on
one node is not.
"""


class Kind(NamedTuple):
    """What decides which rules fit a relation: its type and mode, and the types of its ends."""

    relation: str
    mode: str
    source: str
    target: str


@frozen(eq=False)
class Fit:
    """The rules that fit a kind of relation, one a place in each array (F).

    Attributes:
        rule: its number.
        inverse: whether it walks from target to source.
        tail: offset of the state that spreads, in the layout of the entity it starts from.
        head: offset of what appears, in the layout of the other entity.
    """

    rule: Places
    inverse: Flags
    tail: Places
    head: Places


@frozen(eq=False)
class Rules:
    """All rules, in the catalogue's order.

    Attributes:
        rules: with the entity type that each is of.
        relations: one a rule: the relation it walks; empty within an entity.
        probability: one a rule.
        cost: one a rule, see :mod:`causely_core.causal.cost`.
        likeness: one a rule: how alike its effects on siblings are, 0..1. Of n that are absent, each counts n to the
            power of minus this.
        alike: one a rule: whether a symptom leads to the same one on a neighbour, which is seldom stronger there.
    """

    rules: tuple[tuple[str, Propagation], ...]
    relations: tuple[str, ...] = field(init=False)
    probability: Floats = field(init=False)
    cost: Places = field(init=False)
    likeness: Floats = field(init=False)
    alike: Flags = field(init=False)
    _fits: dict[Kind, Fit] = field(factory=dict, init=False)
    _local: dict[str, Fit] = field(factory=dict, init=False)

    @relations.default
    def _relations(self) -> tuple[str, ...]:
        return tuple(rule.relation for _, rule in self.rules)

    @probability.default
    def _probabilities(self) -> Floats:
        return np.array([rule.effect.probability for _, rule in self.rules], dtype=np.float64)

    @cost.default
    def _costs(self) -> Places:
        return cost(self.probability)

    @likeness.default
    def _likenesses(self) -> Floats:
        return np.array([_LIKENESS.get(relation, 1.0) for relation in self.relations], dtype=np.float64)

    @alike.default
    def _alikes(self) -> Flags:
        return np.array([_alike(rule) for _, rule in self.rules], dtype=np.bool_)

    @classmethod
    def of(cls, catalogue: Catalogue) -> Rules:
        """The rules of ``catalogue``."""
        return cls(tuple((model.entity_type, rule) for model in catalogue for rule in model.propagations))

    def fit(self, kind: Kind, source: Layout, target: Layout) -> Fit:
        """The rules that fit relations of ``kind`` and have an effect that the entity they lead to can show."""
        known = self._fits.get(kind)
        if known is None:
            known = self._fits[kind] = _fit(list(self._fitting(kind, source, target)))
        return known

    def within(self, layout: Layout) -> Fit:
        """The rules within one entity of ``layout``."""
        known = self._local.get(layout.entity_type)
        if known is None:
            known = self._local[layout.entity_type] = _fit(list(self._staying(layout)))
        return known

    def _fitting(self, kind: Kind, source: Layout, target: Layout) -> Iterator[tuple[int, bool, int, int]]:
        for number, (type, rule) in enumerate(self.rules):
            here, there = (target, source) if rule.inverse else (source, target)
            if rule.relation and fits(rule, type, kind) and rule.effect.symptom in there.offsets:
                yield number, rule.inverse, here.offsets[rule.symptom], there.offsets[rule.effect.symptom]

    def _staying(self, layout: Layout) -> Iterator[tuple[int, bool, int, int]]:
        for number, (type, rule) in enumerate(self.rules):
            if not rule.relation and type == layout.entity_type:
                yield number, False, layout.offsets[rule.symptom], layout.offsets[rule.effect.symptom]


def _alike(rule: Propagation) -> bool:
    # What one caller sees is not diluted by what the others see: it may well be worse than the whole.
    return bool(rule.relation) and rule.symptom == rule.effect.symptom and rule.neighbour != EntityType.DEPENDENCY


def fits(rule: Propagation, type: str, kind: Kind) -> bool:
    """Whether ``rule`` of entity type ``type`` walks relations of ``kind``; one that states no mode has any."""
    here, there = (kind.target, kind.source) if rule.inverse else (kind.source, kind.target)
    mode = not rule.mode or kind.mode in ("", rule.mode)
    return mode and rule.relation == kind.relation and type == here and rule.neighbour in (ANY, there)


def _fit(found: list[tuple[int, bool, int, int]]) -> Fit:
    rule, inverse, tail, head = np.array(found, dtype=np.int64).reshape(len(found), 4).T
    return Fit(rule, inverse.astype(np.bool_), tail, head)
