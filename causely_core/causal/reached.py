"""What one walk has reached, to be told of: states nearest first, with the paths to them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from attrs import frozen

from causely_core.causal.arrays import Column, Flags, Floats, Places
from causely_core.causal.walk import DIRECT, Walks

MISSED = 0.5
"""Belief from which an absent symptom is worth telling: it would have shown more often than not."""


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
        better: whether it is active and the cause explains it better than noise does.
        missing: whether it is watched, not active, and would have shown more often than not.
        unwatched: whether it could be seen, and nobody looks.
    """

    node: Places
    place: Places
    slot: Places
    number: Places
    belief: Floats
    via: Places
    rule: Places
    chance: Floats
    better: Flags
    missing: Flags
    unwatched: Flags

    @classmethod
    def all(cls, walks: Walks) -> list[Reached]:
        """What each of ``walks`` has reached."""
        observed, graph = walks.observed, walks.observed.graph
        walk, node = np.repeat(np.arange(len(walks.first) - 1), np.diff(walks.first)), walks.node.astype(np.int64)
        place = graph.blocks.owner[node]
        by_id = graph.names.order[place] + node - graph.blocks.base[place]
        order = np.lexsort((by_id, walks.cost, walk))
        rank = np.empty(len(order) + 1, dtype=np.int64)
        rank[order] = np.arange(len(order)) - walks.first[walk]
        rank[DIRECT] = DIRECT
        node, place = node[order], place[order]
        belief, number, rule = walks.belief[order], walks.number[order], walks.rule[order]
        chance, later = belief.copy(), rule >= 0
        chance[later] = graph.rules.probability[rule[later]]
        calm, watched, slot = number == 0, graph.watched[node], observed.slots.of(node, place)
        better = belief > np.append(observed.leaks, np.inf)[number - 1]
        missing, unwatched = calm & watched & (belief >= MISSED), calm & ~watched & observed.slots.observable[slot]
        via = rank[walks.via[order]]
        told = (node, place, slot, number, belief, via, rule, chance, better, missing, unwatched)
        each = zip(walks.first[:-1].tolist(), walks.first[1:].tolist(), strict=True)
        return [cls(*_cut(told, begin, end)) for begin, end in each]

    @cached_property
    def explained(self) -> list[int]:
        """Places of the active symptoms that the cause explains better than noise does; at least one."""
        better: list[int] = np.flatnonzero(self.better).tolist()
        return better or np.flatnonzero(self.number)[:1].tolist()

    def trails(self) -> list[int]:
        """The places on the paths to what is explained, each once and after that before it."""
        via, on_the_way = self.via.tolist(), dict[int, None]()
        for place in self.explained:
            trail = []
            while place != DIRECT and place not in on_the_way:
                trail.append(place)
                place = via[place]
            on_the_way.update(dict.fromkeys(reversed(trail)))
        return list(on_the_way)


def _cut(columns: Sequence[Column], begin: int, end: int) -> list[Column]:
    return [column[begin:end] for column in columns]
