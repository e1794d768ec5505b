"""What is seen of the symptom nodes, and what seeing it says about their true state."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property

import numpy as np
from attrs import field, frozen

from causely_core.causal.arrays import Column, Flags, Floats, Places
from causely_core.causal.cost import cost, dimness, eased
from causely_core.causal.graph import CausalGraph
from causely_core.causal.magnitude import Magnitudes
from causely_core.causal.slots import Slots
from causely_core.model import Support, SupportState, Symptom, SymptomKey

SURE = 0.999999
"""No belief goes above this, so that logarithms stay finite."""

THROUGH_ABSENT = int(cost(np.array([0.3]))[0])
"""Preference of a path through a symptom that is watched and absent, against one that is not."""

_LEAK_AT_THRESHOLD = 0.5
"""Exponent of the leak at severity 0."""

_LEAK_BY_SEVERITY = 1.5
"""How much the exponent grows by severity 1: noise rarely passes for a strong symptom, which thus needs a cause."""


@frozen(eq=False)
class Observed:
    """The K active symptoms, over one graph.

    Attributes:
        slots: what models say of the graph's nodes.
        active: node to symptom, in the order of the symptoms' keys.
        unknown: active symptoms that the graph has no node for or that are hidden states, sorted.
        number: one a node: 1 to K at the active ones, 0 elsewhere.
        nodes: K, of the active symptoms.
        leaks: K, probability that it shows with its severity without a modelled cause.
        onsets: K, seconds since the epoch.
        magnitudes: of the K.
    """

    graph: CausalGraph
    active: Mapping[int, Symptom]
    unknown: tuple[SymptomKey, ...]
    _keys: dict[int, SymptomKey] = field(factory=dict, init=False)
    _supports: dict[int, Support] = field(factory=dict, init=False)
    slots: Slots = field(init=False)
    nodes: Places = field(init=False)
    number: Column = field(init=False)
    leaks: Floats = field(init=False)
    onsets: Floats = field(init=False)
    magnitudes: Magnitudes = field(init=False)

    @slots.default
    def _layouts(self) -> Slots:
        return Slots(self.graph.blocks)

    @nodes.default
    def _nodes(self) -> Places:
        return np.array(list(self.active), dtype=np.int64)

    @number.default
    def _numbers(self) -> Column:
        numbers = np.zeros(self.graph.blocks.count, dtype=np.int32)
        numbers[self.nodes] = np.arange(len(self.nodes)) + 1
        return numbers

    @leaks.default
    def _leaks(self) -> Floats:
        leaks = self.slots.leak[self.slots.at(self.nodes)]
        severity = np.array([symptom.severity for symptom in self.active.values()], dtype=np.float64)
        return np.asarray(leaks ** (_LEAK_AT_THRESHOLD + _LEAK_BY_SEVERITY * np.clip(severity, 0.0, 1.0)))

    @onsets.default
    def _onsets(self) -> Floats:
        return np.array([each.onset for each in self.active.values()], dtype=np.float64)

    @magnitudes.default
    def _magnitudes(self) -> Magnitudes:
        return Magnitudes.of(self.active.values())

    @classmethod
    def of(cls, graph: CausalGraph, active: Mapping[SymptomKey, Symptom]) -> Observed:
        """Find the node of each symptom that is active."""
        keys = sorted(key for key, symptom in active.items() if symptom.active)
        found = list(zip(keys, graph.visible(keys), strict=True))
        nodes = {node: active[key] for key, node in found if node is not None}
        return cls(graph, nodes, tuple(key for key, node in found if node is None))

    @cached_property
    def suffering(self) -> Flags:
        """One a place: whether the entity shows a symptom."""
        suffering = np.zeros(len(self.graph.blocks.layout), dtype=np.bool_)
        suffering[self.graph.blocks.owner[self.nodes]] = True
        return suffering

    def keys(self, nodes: Places) -> list[SymptomKey]:
        """The symptoms that ``nodes`` stand for; kept, since much is told of few nodes."""
        known, each = self._keys, nodes.tolist()
        if not known.keys() >= set(each):
            ids, specs = self.graph.entities, self.slots.specs
            places, slots = self.graph.blocks.owner[nodes].tolist(), self.slots.at(nodes).tolist()
            for node, place, slot in zip(each, places, slots, strict=True):
                known[node] = SymptomKey(ids[place], specs[slot].name)
        return [known[node] for node in each]

    def support(self, node: int) -> Support:
        """What is seen of the state that ``node`` stands for; kept, since several causes may pass it."""
        known = self._supports.get(node)
        if known is None:
            known = self._supports[node] = self._support(node)
        return known

    def _support(self, node: int) -> Support:
        symptom = self.active.get(node)
        if symptom is not None:
            return _seen(symptom)
        state = SupportState.ABSENT if self.absent(node) else SupportState.UNKNOWN
        return Support(state, self.graph.spec(node).attribute)

    def absent(self, node: int) -> bool:
        """Whether the symptom is watched and not active, so that its absence is evidence."""
        return bool(self.graph.watched[node] and not self.number[node])

    def absences(self, nodes: Places) -> Flags:
        """For each of ``nodes`` whether it is watched and not active."""
        return np.asarray(self.graph.watched[nodes] & (self.number[nodes] == 0))

    def odds(self, nodes: Places) -> Floats:
        """For each of ``nodes`` the odds that what is seen of it is seen when its state is not there, to when it is."""
        miss = self.graph.miss[nodes]
        ratio = np.ones(len(nodes))
        absent, active = self.absences(nodes), self.number[nodes] > 0
        with np.errstate(divide="ignore"):
            ratio[absent] = 1.0 / miss[absent]
            ratio[active] = self.leaks[self.number[nodes[active]] - 1] / (1.0 - miss[active])
        return ratio

    def entering(self, nodes: Places, cost: Places) -> Places:
        """What passing arrows of ``cost`` to ``nodes`` costs: less where the effect is seen."""
        return np.where(self.number[nodes] > 0, eased(cost), cost)

    def plausible(self, tails: Places, heads: Places, alike: Flags) -> Floats:
        """For each arrow by what factor less likely its effect comes of it; 1 unless both are seen and ``alike``."""
        factor = np.ones(len(tails))
        both = np.flatnonzero(alike & (self.number[tails] > 0) & (self.number[heads] > 0))
        factor[both] = self.magnitudes.plausible(self.number[tails[both]] - 1, self.number[heads[both]] - 1)
        return factor

    def passing(self, nodes: Places, odds: Floats) -> Places:
        """The cost that a path has from going on through each of ``nodes``, of which ``odds`` are the :meth:`odds`."""
        return dimness(odds) + self.absences(nodes) * THROUGH_ABSENT


def _seen(symptom: Symptom) -> Support:
    return Support(
        SupportState.ACTIVE,
        symptom.attribute,
        _finite(symptom.value),
        _finite(symptom.baseline.threshold),
        _finite(symptom.baseline.center),
        symptom.onset,
        symptom.severity,
    )


def _finite(value: float) -> float | None:
    """JSON knows no NaN and no infinity."""
    return value if math.isfinite(value) else None
