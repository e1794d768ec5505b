"""Walks over the causal graph: strongest paths by Dijkstra's rule on -log probability.

A path's strength is the product of its arrows, damped at every symptom that is watched and absent. Factors never
exceed one, so a node is settled once, at its strongest path, and cycles of calls cannot feed themselves.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from causely_core.causal.graph import CausalGraph
from causely_core.causal.observed import Observed

CUTOFF = 0.02
"""Paths weaker than this end: a fiftieth is below what any single observation can tell from a leak."""

DIRECT = -1
"""Stands for the root cause itself where a predecessor is named."""


class Reached(NamedTuple):
    """One symptom that a cause leads to; a tuple, because a walk makes thousands.

    Attributes:
        via: the node before it on the strongest path, or :data:`DIRECT`.
        belief: probability that the cause makes the symptom appear, given what is seen on the way to it.
        arrow: probability of the last arrow alone.
        relation: index of the relation of the last arrow; -1 within the entity.
        share: weight of its absence: siblings by one rule share one.
    """

    via: int
    belief: float
    arrow: float
    relation: int = -1
    share: float = 1.0


def forward(observed: Observed, effects: Mapping[int, float]) -> dict[int, Reached]:
    """What a cause with ``effects`` (node to probability) leads to, nearest first.

    The path is chosen by strength alone; along it, belief is revised at every node by what is seen there, so
    that a symptom that is seen screens off how it came about.
    """
    out = observed.graph.out
    start, heads, probabilities = out.start, out.head, out.probability
    settled: dict[int, Reached] = {}
    best = dict(effects)
    heap = [(-p, node, DIRECT, p, p, -1, 1.0) for node, p in effects.items()]
    heapq.heapify(heap)
    while heap:
        strength, node, via, belief, p, relation, share = heapq.heappop(heap)
        if node in settled:
            continue
        settled[node] = Reached(via, belief, p, relation, share)
        onward = -strength * observed.preference(node)
        if onward < CUTOFF or start[node] == start[node + 1]:
            continue
        carry = observed.carry(node, belief)
        for arrow in range(start[node], start[node + 1]):
            head, p = heads[arrow], probabilities[arrow]
            reach = onward * p
            if reach >= CUTOFF and reach > best.get(head, 0.0):
                best[head] = reach
                heapq.heappush(heap, (-reach, head, node, carry * p, p, out.relation[arrow], out.share[arrow]))
    return settled


def backward(observed: Observed, targets: Iterable[int]) -> dict[int, float]:
    """For every node that leads to any of ``targets``, the strength of its strongest path there.

    The strength leaves out the node's own preference.
    """
    into = observed.graph.into
    settled: dict[int, float] = {}
    heap = [(-1.0, node) for node in targets]
    heapq.heapify(heap)
    while heap:
        strength, node = heapq.heappop(heap)
        if node in settled:
            continue
        settled[node] = -strength
        onward = -strength * observed.preference(node)
        for arrow in range(into.start[node], into.start[node + 1]):
            reach = onward * into.probability[arrow]
            if reach >= CUTOFF and into.head[arrow] not in settled:
                heapq.heappush(heap, (-reach, into.head[arrow]))
    return settled


def trail(reached: Mapping[int, Reached], node: int) -> list[int]:
    """The nodes from the cause's first symptom to ``node``, both included."""
    nodes = [node]
    while (via := reached[nodes[-1]].via) != DIRECT:
        nodes.append(via)
    return nodes[::-1]


def entities_of(graph: CausalGraph, nodes: Iterable[int]) -> list[int]:
    """The entities whose symptoms ``nodes`` are, each once, in the graph's order."""
    return sorted({graph.owner(node) for node in nodes})
