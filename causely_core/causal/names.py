"""Places: the numbers of entities, which stay while others come and go."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
from attrs import define, field

from causely_core.causal.arrays import Places
from causely_core.causal.rows import grown
from causely_core.model import EntityId


@define(eq=False)
class Names:
    """Ids by place and places by id. The place of what has gone is given to another.

    Attributes:
        ids: by place; at places not in use, what was there last.
        order: one a place or more: a number made of the id alone, for what must not depend on who came first.
    """

    ids: list[EntityId] = field(factory=list, init=False)
    order: Places = field(factory=lambda: np.zeros(0, dtype=np.int64), init=False)
    _index: dict[EntityId, int] = field(factory=dict, init=False)
    _free: list[int] = field(factory=list, init=False)

    def find(self, id: EntityId) -> int | None:
        """The place of ``id``; none when it has no place."""
        return self._index.get(id)

    def known(self, ids: Iterable[EntityId]) -> Places:
        """The places of those of ``ids`` that have one."""
        return np.array([self._index[id] for id in ids if id in self._index], dtype=np.int64)

    def places(self, ids: Sequence[EntityId]) -> Places:
        """The places of ``ids``, which get one where they have none."""
        fresh = [id for id in dict.fromkeys(ids) if id not in self._index]
        if fresh:
            self._add(fresh)
        return np.array([self._index[id] for id in ids], dtype=np.int64)

    def forget(self, places: Iterable[int]) -> None:
        """Free ``places``, which nothing refers to any more."""
        for place in places:
            del self._index[self.ids[place]]
            self._free.append(place)

    def _add(self, fresh: Sequence[EntityId]) -> None:
        places = [self._free.pop() if self._free else self._append() for _ in fresh]
        self.order = grown(self.order, len(self.ids))
        self.order[places] = [_order(id) for id in fresh]
        for place, id in zip(places, fresh, strict=True):
            self.ids[place] = id
            self._index[id] = place

    def _append(self) -> int:
        self.ids.append(EntityId(""))
        return len(self.ids) - 1


def _order(id: EntityId) -> int:
    return int.from_bytes(hashlib.blake2b(id.encode(errors="surrogatepass"), digest_size=8).digest()) >> 2
