"""Walks over the causal graph, many at once: strongest paths by rounds of arrows.

A path's strength is the product of its arrows, damped at every symptom that is watched and absent. Every arrow costs
something, so a node is reached by its strongest path and cycles of calls cannot feed themselves. Of paths of one cost
that with fewer arrows is taken; of these, the node before is chosen by the ids alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import count
from typing import NamedTuple

import numpy as np
from attrs import define, field, frozen

from causely_core.causal.arrays import Column, Floats, Places
from causely_core.causal.arrows import Arrows
from causely_core.causal.cells import Cells
from causely_core.causal.cost import dearer, limit
from causely_core.causal.observed import Observed, carried
from causely_core.causal.rows import grown

CUTOFF = 0.04
"""Paths weaker than this end: a twenty-fifth is below what any single observation can tell from a leak."""

DIRECT = -1
"""Stands for the start itself where a cell before another one is named."""

_LIMIT = limit(CUTOFF)


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
class Steps:
    """Ways to come to a node, one a place in each array.

    Attributes:
        walk: its number.
        node: where it comes to.
        cost: of the whole path.
        belief: that the state is there, as far as the path tells.
        via: the cell before it; :data:`DIRECT` at starts.
        arrow: position of the last arrow; -1 at starts.
    """

    walk: Places
    node: Places
    cost: Places
    belief: Floats
    via: Places
    arrow: Places

    @classmethod
    def starts(cls, walk: Places, node: Places, cost: Places, belief: Floats) -> Steps:
        """Steps from nowhere; a walk may start at several nodes."""
        nowhere = np.full(len(walk), DIRECT)
        return cls(walk, node, cost, belief, nowhere, nowhere)

    def only(self, which: Column) -> Steps:
        """Those that ``which`` takes, a mask or places."""
        walk, node, cost = self.walk[which], self.node[which], self.cost[which]
        return Steps(walk, node, cost, self.belief[which], self.via[which], self.arrow[which])


@define(eq=False)
class Walks:
    """What walks have reached: one cell for each walk and node. Arrays are as long as there are cells, or longer.

    The path is chosen by strength alone; along it, belief is revised at every node by what is seen there, so that a
    symptom that is seen screens off how it came about.

    Attributes:
        arrows: walked along.
        cost: of the cheapest path.
        belief: probability that the walk's start makes the state appear, given what is seen on the way.
        via: the cell before it on the path, or :data:`DIRECT`.
        arrow: position of the path's last arrow; -1 at starts.
        depth: number of the path's arrows.
    """

    observed: Observed
    arrows: Arrows
    forward: bool = True
    cost: Places = field(factory=lambda: np.zeros(0, dtype=np.int64), init=False)
    belief: Floats = field(factory=lambda: np.zeros(0), init=False)
    via: Places = field(factory=lambda: np.zeros(0, dtype=np.int64), init=False)
    arrow: Places = field(factory=lambda: np.zeros(0, dtype=np.int64), init=False)
    depth: Places = field(factory=lambda: np.zeros(0, dtype=np.int64), init=False)
    _cells: Cells = field(factory=Cells, init=False)

    @classmethod
    def of(cls, observed: Observed, starts: Steps, forward: bool = True) -> Walks:
        """Walk from ``starts``, as far as paths are strong enough."""
        walks = cls(observed, observed.graph.out if forward else observed.graph.into, forward)
        cells, steps = walks._settle(starts, 0)
        for depth in count(1):
            if not len(cells):
                break
            cells, steps = walks._settle(walks._onward(cells, steps), depth)
        return walks

    def reached(self) -> tuple[Places, Places]:
        """Walk and node of each cell."""
        walk, node = np.divmod(self._cells.keys[: self._cells.count], self._nodes)
        return walk, node

    def levels(self) -> list[Places]:
        """The cells by the depth of their paths, starts first."""
        depth = self.depth[: self._cells.count].astype(np.int16)
        order = np.argsort(depth, kind="stable")
        return np.split(order, np.flatnonzero(np.diff(depth[order])) + 1)

    def chances(self) -> Floats:
        """Of each cell the probability of its path's last arrow; of a start, that of the start."""
        arrow = self.arrow[: self._cells.count]
        later = np.flatnonzero(arrow >= 0)
        chance = self.belief[: self._cells.count].copy()
        chance[later] = self.observed.graph.rules.probability[self.arrows.rule[arrow[later]]]
        return chance

    def shares(self) -> Floats:
        """Of each cell the weight of its absence: siblings by one rule share one."""
        arrow = self.arrow[: self._cells.count]
        share = np.ones(len(arrow))
        later = np.flatnonzero(arrow >= 0)
        share[later] = self.arrows.share[arrow[later]]
        return share

    def told(self, walk: int) -> dict[int, Reached]:
        """What one walk has reached, by node, nearest first."""
        cells = self._by_walk[slice(*np.searchsorted(self._walks, [walk, walk + 1]))]
        cells = cells[np.lexsort((self._order(cells), self.cost[cells]))]
        via, arrow, starts = self.via[cells], self.arrow[cells], self.via[cells] == DIRECT
        before = np.where(starts, DIRECT, self._node(via))
        probability, relation, share = self.belief[cells], np.full(len(cells), -1), np.ones(len(cells))
        relation[~starts] = self.arrows.rule[arrow[~starts]]
        probability[~starts] = self.observed.graph.rules.probability[relation[~starts]]
        share[~starts] = self.arrows.share[arrow[~starts]]
        columns = (before, self.belief[cells], probability, relation, share)
        each = zip(*(column.tolist() for column in columns), strict=True)
        return {node: Reached(*columns) for node, columns in zip(self._node(cells).tolist(), each, strict=True)}

    @cached_property
    def _by_walk(self) -> Places:
        """All cells, by walk."""
        return np.argsort(self.reached()[0], kind="stable")

    @cached_property
    def _walks(self) -> Places:
        """The walk of each of ``_by_walk``."""
        return self.reached()[0][self._by_walk]

    def _node(self, cells: Places) -> Places:
        return self._cells.keys[cells] % self._nodes

    @property
    def _nodes(self) -> int:
        return max(self.observed.graph.blocks.count, 1)

    def _onward(self, cells: Places, steps: Steps) -> Steps:
        """All steps that ``steps``, which came to ``cells``, can be followed by."""
        odds = self.observed.odds(steps.node)
        cost = steps.cost + self.observed.passing(steps.node, odds)
        belief = carried(steps.belief, odds)
        which, arrow = self.arrows.rows.of(steps.node)
        rule = self.arrows.rule[arrow]
        rules = self.observed.graph.rules
        head = self.arrows.head[arrow].astype(np.int64)
        cause, effect = (steps.node[which], head) if self.forward else (head, steps.node[which])
        plausible = self.observed.plausible(cause, effect, rules.alike[rule])
        reach = cost[which] + self.observed.entering(effect, rules.cost[rule]) + dearer(plausible)
        near = np.flatnonzero(reach <= _LIMIT)
        which, arrow, rule, head = which[near], arrow[near], rule[near], head[near]
        belief = belief[which] * rules.probability[rule] * plausible[near]
        return Steps(steps.walk[which], head, reach[near], belief, cells[which], arrow)

    def _settle(self, steps: Steps, depth: int) -> tuple[Places, Steps]:
        """Take those of ``steps`` that come to their cell at less cost than any before; one a cell."""
        cells = self._numbered(steps)
        before = self.cost[cells]
        np.minimum.at(self.cost, cells, steps.cost)
        best = np.flatnonzero((steps.cost < before) & (steps.cost == self.cost[cells]))
        best = best[self._chosen(cells[best], steps.via[best])]
        cells, steps = cells[best], steps.only(best)
        self.belief[cells], self.via[cells], self.arrow[cells] = steps.belief, steps.via, steps.arrow
        self.depth[cells] = depth
        return cells, steps

    def _numbered(self, steps: Steps) -> Places:
        before = self._cells.count
        cells = self._cells.numbers(steps.walk * self._nodes + steps.node)
        after = self._cells.count
        self.cost, self.via, self.arrow = (grown(each, after) for each in (self.cost, self.via, self.arrow))
        self.belief, self.depth = grown(self.belief, after), grown(self.depth, after)
        self.cost[before:after] = _LIMIT + 1
        return cells

    def _chosen(self, cells: Places, via: Places) -> Places:
        """Of each cell in ``cells`` one place; where there are several, that of which ``via`` comes first."""
        place = np.zeros(self._cells.count, dtype=np.int64)
        everyone = np.arange(len(cells))
        place[cells] = everyone
        several = place[cells] != everyone
        if not several.any():
            return everyone
        place[cells[several]] = DIRECT
        several = place[cells] == DIRECT
        order = np.flatnonzero(several)
        order = order[np.lexsort((self._order(via[order]), cells[order]))]
        return np.concatenate([everyone[~several], order[np.diff(cells[order], prepend=-1) != 0]])

    def _order(self, cells: Places) -> Places:
        """A number for each of ``cells`` that depends on the entity's id and the symptom alone."""
        graph = self.observed.graph
        node = self._node(cells)
        place = graph.blocks.owner[node]
        return graph.names.order[place] + node - graph.blocks.base[place]


def trail(reached: Mapping[int, Reached], node: int) -> list[int]:
    """The nodes from the cause's first symptom to ``node``, both included."""
    nodes = [node]
    while (via := reached[nodes[-1]].via) != DIRECT:
        nodes.append(via)
    return nodes[::-1]
