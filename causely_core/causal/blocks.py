"""Blocks of nodes: one node for each symptom and hidden state that an entity of its type can have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from attrs import define, field

from causely_core.causal.arrays import Column, Flags, Floats, Places
from causely_core.causal.catalogue import Catalogue
from causely_core.causal.layout import Layout
from causely_core.causal.rows import grown, spread
from causely_core.model import WATCHED, CausalModel, Entity

NOBODY = 0
"""Number of the layout without nodes, of what is named and is no entity."""


def _empty(dtype: type) -> Column:
    return np.zeros(0, dtype=dtype)


@define(eq=False)
class Blocks:
    """The nodes of each place, in the order of its type's layout. All arrays may be longer than what is in use.

    Attributes:
        layouts: by number.
        layout: number of each place's layout.
        base: each place's first node.
        owner: the place of each node.
        watched: one a node: whether a detector judges the symptom, so that its absence is evidence.
        miss: one a node: probability that the symptom is not seen though it is there.
        count: nodes that are or were in use.
    """

    catalogue: Catalogue
    layouts: list[Layout] = field(factory=lambda: [Layout.of(CausalModel(""))], init=False)
    layout: Places = field(factory=lambda: _empty(np.int64), init=False)
    base: Places = field(factory=lambda: _empty(np.int64), init=False)
    owner: Places = field(factory=lambda: _empty(np.int64), init=False)
    watched: Flags = field(factory=lambda: _empty(np.bool_), init=False)
    miss: Floats = field(factory=lambda: _empty(np.float64), init=False)
    count: int = field(default=0, init=False)
    _numbers: dict[str, int] = field(factory=dict, init=False)
    _free: dict[int, list[int]] = field(factory=lambda: defaultdict(list), init=False)

    def reserve(self, places: int) -> None:
        """Make room for so many places; new ones are nobody."""
        self.layout, self.base = grown(self.layout, places), grown(self.base, places)

    def nodes(self, places: Places) -> tuple[Places, Places]:
        """The nodes of ``places``, one block after the other, after the place in ``places`` that each belongs to."""
        sizes = np.array([len(layout.symptoms) for layout in self.layouts])[self.layout[places]]
        first = self.base[places]
        return spread(first, first + sizes)

    def numbers(self, entities: Sequence[Entity]) -> Places:
        """The number of the layout of each of ``entities``' types."""
        return np.array([self._number(entity.type) for entity in entities], dtype=np.int64)

    def move(self, places: Places, numbers: Places) -> None:
        """Give ``places`` blocks of the layouts ``numbers`` instead of those that they have."""
        self.watched[self.nodes(places)[1]] = False
        for place, number in zip(places.tolist(), self.layout[places].tolist(), strict=True):
            if number != NOBODY:
                self._free[number].append(int(self.base[place]))
        self.layout[places] = numbers
        for number in np.unique(numbers).tolist():
            self._allot(places[numbers == number], number)

    def watch(self, places: Places, entities: Sequence[Entity]) -> None:
        """Note which symptoms of ``entities``, which are at ``places``, a detector judges."""
        alike: dict[tuple[int, str], list[int]] = defaultdict(list)
        for place, number, entity in zip(places.tolist(), self.layout[places].tolist(), entities, strict=True):
            alike[number, entity.attributes.get(WATCHED, "")].append(place)
        for (number, names), those in alike.items():
            watched = self.layouts[number].watched(names)
            self.watched[self.base[those][:, None] + np.arange(len(watched))] = watched

    def _number(self, type: str) -> int:
        number = self._numbers.get(type)
        if number is None:
            number = self._numbers[type] = len(self.layouts)
            self.layouts.append(Layout.of(self.catalogue.model(type)))
        return number

    def _allot(self, places: Places, number: int) -> None:
        layout, free = self.layouts[number], self._free[number]
        size = len(layout.symptoms)
        taken = [free.pop() for _ in range(min(len(free), len(places)))]
        fresh = self.count + np.arange(len(places) - len(taken)) * size
        self.count += len(fresh) * size
        self.base[places] = np.concatenate([np.array(taken, dtype=np.int64), fresh])
        self.owner, self.watched, self.miss = (
            grown(each, self.count) for each in (self.owner, self.watched, self.miss)
        )
        nodes = self.base[places][:, None] + np.arange(size)
        self.owner[nodes] = places[:, None]
        self.miss[nodes] = layout.miss
