"""What one walk has reached, to be told of: states nearest first, with the paths to them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from attrs import frozen

from causely_core.causal.arrays import Flags, Floats, Places
from causely_core.causal.walk import DIRECT, Walks


@frozen(eq=False)
class Reached:
    """States that a cause leads to, nearest first: one a place in each column.

    Attributes:
        node, place, slot: of the state, its entity and what the model says of it.
        number: of the active symptom there, from 1; 0 where none is active.
        belief: probability that the cause makes the state appear, given what is seen on the way to it.
        via: place of the state before it on the strongest path, or :data:`DIRECT`.
        rule: number of the last arrow's rule in the graph; -1 for the cause's own effects.
        chance: probability of the last arrow alone.
        absent: whether it is watched and not active.
        unwatched: whether it is neither watched nor active.
    """

    node: Places
    place: Places
    slot: Places
    number: Places
    belief: Floats
    via: Places
    rule: Places
    chance: Floats
    absent: Flags
    unwatched: Flags

    @classmethod
    def of(cls, walks: Walks, walk: int) -> Reached:
        """What the walk of that number has reached."""
        observed, graph = walks.observed, walks.observed.graph
        begin, end = walks.first[walk : walk + 2].tolist()
        node = walks.node[begin:end].astype(np.int64)
        place = graph.blocks.owner[node]
        by_id = graph.names.order[place] + node - graph.blocks.base[place]
        order = np.lexsort((by_id, walks.cost[begin:end]))
        node, place, cells = node[order], place[order], begin + order
        via, rank = walks.via[cells], np.empty(len(order) + 1, dtype=np.int64)
        rank[order], rank[-1] = np.arange(len(order)), DIRECT
        belief, number, rule = walks.belief[cells], walks.number[cells], walks.rule[cells]
        chance, later = belief.copy(), rule >= 0
        chance[later] = graph.rules.probability[rule[later]]
        calm, watched = number == 0, graph.watched[node]
        before = rank[np.where(via < 0, -1, via - begin)]
        slot = observed.slots.of(node, place)
        return cls(node, place, slot, number, belief, before, rule, chance, calm & watched, calm & ~watched)

    @cached_property
    def active(self) -> Places:
        """Places of the active symptoms."""
        return np.flatnonzero(self.number)

    def missing(self, least: float) -> Places:
        """Nodes of the absent symptoms that come with a belief of ``least`` or more."""
        return self.node[self.absent & (self.belief >= least)]

    def trails(self, places: Iterable[int]) -> list[int]:
        """The places on the paths to ``places``, each once and after that before it."""
        via, on_the_way = self.via.tolist(), dict[int, None]()
        for place in places:
            trail = []
            while place != DIRECT and place not in on_the_way:
                trail.append(place)
                place = via[place]
            on_the_way.update(dict.fromkeys(reversed(trail)))
        return list(on_the_way)
