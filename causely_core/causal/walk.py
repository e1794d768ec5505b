"""Walks over the causal graph, many at once: strongest paths by rounds of arrows.

A path's strength is the product of its arrows, damped at every symptom that is watched and absent. Every arrow costs
something, so a node is reached by its strongest path and cycles of calls cannot feed themselves. Of paths of one cost
that with fewer arrows is taken; of these, the node before is chosen by the ids alone.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen

from causely_core.causal.arrays import Column, Floats, Places
from causely_core.causal.arrows import Arrows
from causely_core.causal.cost import DIMMEST, DIMNESS, EASE, STRENGTH, dearer, limit
from causely_core.causal.native.ground import Ground
from causely_core.causal.observed import SURE, THROUGH_ABSENT, Observed
from causely_core.causal.rows import spread

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


@frozen(eq=False)
class Starts:
    """Where W walks begin, one a place in each array; a walk may begin at several nodes.

    Attributes:
        first: W + 1; the starts of walk ``i`` are ``first[i]:first[i + 1]``.
        node: where it begins.
        cost: of beginning there.
        belief: that the state is there, as far as the start tells.
    """

    first: Places
    node: Places
    cost: Places
    belief: Floats

    @property
    def columns(self) -> tuple[Places, Places, Places, Floats]:
        """All of it."""
        return self.first, self.node, self.cost, self.belief

    def only(self, walks: Places) -> Starts:
        """The starts of some walks."""
        which, at = spread(self.first[walks], self.first[walks + 1])
        first = np.searchsorted(which, np.arange(len(walks) + 1))
        return Starts(first, self.node[at], self.cost[at], self.belief[at])


@frozen(eq=False)
class Walks:
    """What W walks have reached: C cells, one for each walk and node, by walk.

    The path is chosen by strength alone; along it, belief is revised at every node by what is seen there, so that a
    symptom that is seen screens off how it came about.

    Attributes:
        first: W + 1; the cells of walk ``i`` are ``first[i]:first[i + 1]``.
        node: C, where it is.
        number: C, of the active symptom there, from 1; 0 where none is active.
        cost: C, of the cheapest path.
        belief: C, probability that the walk's start makes the state appear, given what is seen on the way.
        via: C, the cell before it on the path, or :data:`DIRECT`.
        rule: C, number of the path's last arrow's rule; -1 at starts.
        depth: C, number of the path's arrows.
        miss: C, probability that the state is not seen though it is there; 1 where it is neither watched nor active.
        share: C, weight of the state's absence: siblings by one rule share one.
    """

    observed: Observed
    first: Places
    node: Places
    number: Places
    cost: Places
    belief: Floats
    via: Places
    rule: Places
    depth: Places
    miss: Floats
    share: Floats

    @classmethod
    def of(cls, observed: Observed, on: Ground, starts: Starts) -> Walks:
        """Walk from ``starts``, as far as paths are strong enough."""
        first, cells = on.walk(*starts.columns)
        return cls(observed, first, **cells)


def ground(observed: Observed, forward: bool = True) -> Ground:
    """What walks go over: the graph's arrows from cause to effect, or back, with what is seen."""
    arrows = observed.graph.out if forward else observed.graph.into
    return Ground(_arrays(observed, arrows, forward), _CONSTANTS, forward)


def _arrays(observed: Observed, arrows: Arrows, forward: bool) -> dict[str, Column]:
    graph = observed.graph
    rules, blocks = graph.rules, graph.blocks
    begin, factor = _plausible(observed, arrows, forward)
    return {
        "first": arrows.rows.first,
        "stop": arrows.rows.stop,
        "head": arrows.head,
        "rule": arrows.rule,
        "share": arrows.share,
        "rule_cost": rules.cost,
        "probability": rules.probability,
        "alike": rules.alike,
        "number": observed.number,
        "watched": blocks.watched,
        "miss": blocks.miss,
        "leak": observed.leaks,
        "begin": begin,
        "factor": factor,
        "dearer": dearer(factor),
        "owner": blocks.owner,
        "order": graph.names.order,
        "base": blocks.base,
    }


def _plausible(observed: Observed, arrows: Arrows, forward: bool) -> tuple[Places, Floats]:
    """By what factor less likely the effect comes, for all arrows of one active symptom after those of another.

    Returns:
        Where the factors of each active symptom begin, and the factors; 1 but for arrows between two that are seen.
    """
    which, arrow = arrows.rows.of(observed.nodes)
    here, there = observed.nodes[which], arrows.head[arrow].astype(np.int64)
    cause, effect = (here, there) if forward else (there, here)
    alike = observed.graph.rules.alike[arrows.rule[arrow]]
    return np.searchsorted(which, np.arange(len(observed.nodes))), observed.plausible(cause, effect, alike)
