"""Walks over the causal graph, many at once: strongest paths by rounds of arrows.

A path's strength is the product of its arrows, damped at every symptom that is watched and absent. Every arrow costs
something, so a node is reached by its strongest path and cycles of calls cannot feed themselves. Of paths of one cost
that with fewer arrows is taken; of these, the node before is chosen by the ids alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

import numpy as np
from attrs import frozen

from causely_core.causal.arrays import Column, Floats, Places
from causely_core.causal.arrows import Arrows
from causely_core.causal.cost import DIMMEST, DIMNESS, EASE, STRENGTH, dearer, limit
from causely_core.causal.native import kernel
from causely_core.causal.observed import SURE, THROUGH_ABSENT, Observed

CUTOFF = 0.04
"""Paths weaker than this end: a twenty-fifth is below what any single observation can tell from a leak."""

DIRECT = -1
"""Stands for the start itself where a cell before another one is named."""

_CONSTANTS = {
    "limit": limit(CUTOFF),
    "strength": STRENGTH,
    "ease": EASE,
    "dimness": DIMNESS,
    "dimmest": DIMMEST,
    "through_absent": THROUGH_ABSENT,
    "sure": SURE,
}


class Reached(NamedTuple):
    """One state that a cause leads to.

    Attributes:
        via: the node before it on the strongest path, or :data:`DIRECT`.
        belief: probability that the cause makes the state appear, given what is seen on the way to it.
        arrow: probability of the last arrow alone.
        relation: number of the last arrow's relation in the graph's ``relations``; -1 for the cause's own effects.
        share: weight of its absence: siblings by one rule share one.
    """

    via: int
    belief: float
    arrow: float
    relation: int = -1
    share: float = 1.0


@frozen(eq=False)
class Starts:
    """Where walks begin, one a place in each array; a walk may begin at several nodes.

    Attributes:
        walk: its number, ascending.
        node: where it begins.
        cost: of beginning there.
        belief: that the state is there, as far as the start tells.
    """

    walk: Places
    node: Places
    cost: Places
    belief: Floats


@frozen(eq=False)
class Walks:
    """What W walks have reached: C cells, one for each walk and node, by walk.

    The path is chosen by strength alone; along it, belief is revised at every node by what is seen there, so that a
    symptom that is seen screens off how it came about.

    Attributes:
        arrows: walked along.
        ground: these, with what is seen.
        first: W + 1; the cells of walk ``i`` are ``first[i]:first[i + 1]``.
        node: C, where it is.
        cost: C, of the cheapest path.
        belief: C, probability that the walk's start makes the state appear, given what is seen on the way.
        via: C, the cell before it on the path, or :data:`DIRECT`.
        arrow: C, position of the path's last arrow; -1 at starts.
        depth: C, number of the path's arrows.
    """

    observed: Observed
    arrows: Arrows
    ground: kernel.Ground
    first: Places
    node: Places
    cost: Places
    belief: Floats
    via: Places
    arrow: Places
    depth: Places

    @classmethod
    def of(cls, observed: Observed, starts: Starts, forward: bool = True) -> Walks:
        """Walk from ``starts``, as far as paths are strong enough."""
        arrows = observed.graph.out if forward else observed.graph.into
        ground = kernel.Ground(_arrays(observed, arrows, forward), _CONSTANTS, forward)
        first, cells = ground.walk(starts.walk, starts.node, starts.cost, starts.belief)
        return cls(observed, arrows, ground, first, **cells)

    @cached_property
    def walk(self) -> Places:
        """C, the walk of each cell."""
        return np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))

    @property
    def cells(self) -> dict[str, Column]:
        """The columns by name."""
        return {name: getattr(self, name) for name in kernel.COLUMNS}

    def told(self, walk: int) -> dict[int, Reached]:
        """What one walk has reached, by node, nearest first."""
        cells = np.arange(self.first[walk], self.first[walk + 1])
        cells = cells[np.lexsort((self._order(self.node[cells]), self.cost[cells]))]
        via, arrow, later = self.via[cells], self.arrow[cells], self.arrow[cells] >= 0
        before, relation = np.full(len(cells), DIRECT), np.full(len(cells), -1)
        chance, share = self.belief[cells], np.ones(len(cells))
        before[later], relation[later] = self.node[via[later]], self.arrows.rule[arrow[later]]
        chance[later] = self.observed.graph.rules.probability[relation[later]]
        share[later] = self.arrows.share[arrow[later]]
        columns = (before, self.belief[cells], chance, relation, share)
        each = zip(*(column.tolist() for column in columns), strict=True)
        return {node: Reached(*columns) for node, columns in zip(self.node[cells].tolist(), each, strict=True)}

    def _order(self, nodes: Places) -> Places:
        """A number for each of ``nodes`` that depends on the entity's id and the symptom alone."""
        graph = self.observed.graph
        place = graph.blocks.owner[nodes]
        return graph.names.order[place] + nodes - graph.blocks.base[place]


def _arrays(observed: Observed, arrows: Arrows, forward: bool) -> dict[str, Column]:
    graph = observed.graph
    rules, blocks = graph.rules, graph.blocks
    factor, more = _plausible(observed, arrows, forward)
    return {
        "first": arrows.rows.first,
        "stop": arrows.rows.stop,
        "head": arrows.head,
        "rule": arrows.rule,
        "rule_cost": rules.cost,
        "probability": rules.probability,
        "alike": rules.alike,
        "number": observed.number,
        "watched": blocks.watched,
        "miss": blocks.miss,
        "leak": observed.leaks,
        "factor": factor,
        "dearer": more,
        "owner": blocks.owner,
        "order": graph.names.order,
        "base": blocks.base,
    }


def _plausible(observed: Observed, arrows: Arrows, forward: bool) -> tuple[Floats, Places]:
    """By position, the factor of arrows from a symptom to the same one, where both are seen, and what they cost more.

    Other positions are 0 and never read: there are few of these arrows, and zeros that are not read take no memory.
    """
    factor, more = np.zeros(len(arrows.head)), np.zeros(len(arrows.head), dtype=np.int64)
    which, arrow = arrows.rows.of(observed.nodes)
    here, there = observed.nodes[which], arrows.head[arrow].astype(np.int64)
    cause, effect = (here, there) if forward else (there, here)
    factor[arrow] = observed.plausible(cause, effect, observed.graph.rules.alike[arrows.rule[arrow]])
    more[arrow] = dearer(factor[arrow])
    return factor, more


def trail(reached: Mapping[int, Reached], node: int) -> list[int]:
    """The nodes from the cause's first symptom to ``node``, both included."""
    nodes = [node]
    while (via := reached[nodes[-1]].via) != DIRECT:
        nodes.append(via)
    return nodes[::-1]
