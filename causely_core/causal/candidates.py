"""Candidates: the root causes that could have led to an active symptom, with what each would show; in columns."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from attrs import field, frozen

from causely_core.causal.arrays import Flags, Floats, Places
from causely_core.causal.causes import Causes
from causely_core.causal.exact import sums
from causely_core.causal.native.ground import Ground
from causely_core.causal.observed import Observed
from causely_core.causal.possible import possible
from causely_core.causal.reached import Reached
from causely_core.causal.rows import spread
from causely_core.causal.signs import Signs
from causely_core.causal.walk import Starts, Walks, ground

_UNSEEN = 0.97
"""Chance that a cause's own sign is watched where the cause can occur.

What is not measured is often not there: a service without pool metrics mostly has no pool. Without this, causes that
cannot be seen would be preferred, for nothing would speak against them.
"""


@frozen(eq=False)
class Candidates:
    """N root causes, by entity id and name.

    Attributes:
        place: N, of their entities.
        cause: N, numbers in ``causes``.
        starts: the effects that each has on its entity.
        ground: what walks from there go over.
        signs: what these walks say.
        bias: N, log prior odds with the evidence of absences and onsets.
    """

    observed: Observed
    causes: Causes
    place: Places
    cause: Places
    starts: Starts
    ground: Ground
    signs: Signs
    bias: Floats
    _reached: dict[int, Reached] = field(factory=dict, init=False)

    @classmethod
    def of(cls, observed: Observed) -> Candidates:
        """Every root cause that reaches an active symptom."""
        causes = Causes.of(observed.graph.blocks.layouts)
        place, cause = possible(observed, causes)
        which, effect = spread(causes.first[cause], causes.first[cause + 1])
        node = observed.graph.blocks.base[place[which]] + causes.offset[effect]
        first = np.searchsorted(which, np.arange(len(place) + 1))
        starts = Starts(first, node, observed.entering(node, causes.cost[effect]), causes.probability[effect])
        on = ground(observed)
        signs = Signs.of(observed, on, starts, place)
        unseen = sums(which, _unseen(observed, starts, causes.observable[effect]), len(place))
        bias = np.asarray(causes.prior[cause] + signs.absence + unseen + signs.lateness)
        return cls(observed, causes, place, cause, starts, on, signs, bias)

    def look(self, rows: Iterable[int]) -> None:
        """Find out what the candidates ``rows`` lead to, to be told: faster for many at once."""
        fresh = [row for row in dict.fromkeys(rows) if row not in self._reached]
        walks = Walks.of(self.observed, self.ground, self.starts.only(np.array(fresh, dtype=np.int64)))
        self._reached.update(zip(fresh, Reached.all(walks), strict=True))

    def reached(self, row: int) -> Reached:
        """What the candidate ``row`` leads to."""
        if row not in self._reached:
            self.look([row])
        return self._reached[row]


def _unseen(observed: Observed, starts: Starts, observable: Flags) -> Floats:
    """For each of ``starts`` the log likelihood of its not being watched."""
    unseen = observable & ~observed.graph.watched[starts.node] & (observed.number[starts.node] == 0)
    log = np.log1p(-starts.belief * (1.0 - observed.graph.miss[starts.node]) * _UNSEEN)
    return np.asarray(np.where(unseen, log, 0.0))
