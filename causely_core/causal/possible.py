"""Which root causes of which entities could have led to an active symptom."""

from __future__ import annotations

import numpy as np

from causely_core.causal.arrays import Places
from causely_core.causal.causes import Causes
from causely_core.causal.cost import limit
from causely_core.causal.observed import Observed
from causely_core.causal.rows import spread
from causely_core.causal.walk import Starts, Walks, ground

_REACH = limit(0.1)
"""Strength of its best path to an active symptom that makes a cause a candidate.

Below are causes that show nothing of their own and are two or more absent symptoms away from anything seen. It is
well above the walks' cutoff, so that what is reached backward is reached forward.
"""


def possible(observed: Observed, causes: Causes) -> tuple[Places, Places]:
    """Place and cause of every candidate, by entity id and the cause's name."""
    blocks = observed.graph.blocks
    node, cost = _leading(observed)
    place, slot = blocks.owner[node], observed.slots.at(node)
    which, at = spread(causes.begin[slot], causes.begin[slot + 1])
    effect = causes.by_slot[at]
    near = cost[which] + observed.entering(node[which], causes.cost[effect]) <= _REACH
    pairs = np.unique(place[which[near]] * len(causes.specs) + causes.cause[effect[near]])
    place, cause = np.divmod(pairs, max(len(causes.specs), 1))
    order = np.lexsort((cause, _rank(observed, place)))
    return place[order], cause[order]


def _leading(observed: Observed) -> tuple[Places, Places]:
    """Nodes that lead to an active one, with the cost of the strongest path from just before them."""
    nothing = np.zeros(len(observed.nodes), dtype=np.int64)
    starts = Starts(np.array([0, len(nothing)]), observed.nodes, nothing, np.ones(len(nothing)))
    walks = Walks.of(observed, ground(observed, forward=False), starts)
    return walks.node, walks.cost + observed.passing(walks.node, observed.odds(walks.node))


def _rank(observed: Observed, place: Places) -> Places:
    """For each of ``place`` a number that orders them by entity id."""
    distinct, inverse = np.unique(place, return_inverse=True)
    ids = [observed.graph.entities[each] for each in distinct.tolist()]
    rank = np.zeros(len(ids), dtype=np.int64)
    rank[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
    return rank[inverse]
