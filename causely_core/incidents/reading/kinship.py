"""Which span is whose child, across services and within."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from causely_core.incidents.reading.spans import CLIENT, CONSUMER, SERVER, Spans

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]


@frozen(eq=False)
class Kinship:
    """Pairs of spans that are recorded both.

    Only a span's parent is looked at, never the parent's parent: parents that go in circles do no harm.

    Attributes:
        parents, children: (m,) rows.
        crossing: (m,) whether they are of different services.
    """

    parents: Rows
    children: Rows
    crossing: Mask

    @classmethod
    def of(cls, spans: Spans) -> Kinship:
        """Found by id; of spans with the same id the first one recorded counts."""
        order = np.argsort(spans.ids, kind="stable")
        ids = spans.ids[order]
        place = np.searchsorted(ids, spans.parents)
        found = (spans.parents != 0) & (place < len(ids))
        found[found] = ids[place[found]] == spans.parents[found]
        children, parents = np.flatnonzero(found), order[place[found]]
        return cls(parents, children, spans.services[children] != spans.services[parents])

    def across(self) -> tuple[Rows, Rows]:
        """Parents and children of different services."""
        return self.parents[self.crossing], self.children[self.crossing]

    def unanswered(self, spans: Spans) -> Rows:
        """Client spans of which no other span tells who answered; those within others are part of these."""
        answered = np.zeros(len(spans.ids), np.bool_)
        kinds = spans.kinds[self.children]
        answered[self.parents[self.crossing | np.isin(kinds, (SERVER, CONSUMER))]] = True
        within = ~self.crossing & (kinds == CLIENT) & (spans.kinds[self.parents] == CLIENT)
        inner, outer = self.children[within], self.parents[within]
        answered[outer[answered[inner]]] = True
        answered[inner[inner != outer]] = True
        return np.flatnonzero((spans.kinds == CLIENT) & ~answered)
