"""Candidates: the root causes that could have led to an active symptom, with what each would show; in columns."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from causely_core.causal.absences import absence
from causely_core.causal.arrays import Flags, Floats, Places
from causely_core.causal.causes import Causes
from causely_core.causal.exact import sums
from causely_core.causal.observed import Observed
from causely_core.causal.possible import possible
from causely_core.causal.rows import spread
from causely_core.causal.signs import Signs
from causely_core.causal.walk import Starts, Walks

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
        walks: what each leads to.
        absence: N, log likelihood of what they would show and is absent, or not watched on their own entity.
        bias: N, log prior odds with the evidence of absences and onsets.
        signs: the active symptoms that each leads to.
    """

    observed: Observed
    causes: Causes
    place: Places
    cause: Places
    walks: Walks
    absence: Floats
    bias: Floats
    signs: Signs

    @classmethod
    def of(cls, observed: Observed) -> Candidates:
        """Every root cause that reaches an active symptom."""
        causes = Causes.of(observed.graph.blocks.layouts)
        place, cause = possible(observed, causes)
        walk, effect = spread(causes.first[cause], causes.first[cause + 1])
        node = observed.graph.blocks.base[place[walk]] + causes.offset[effect]
        starts = Starts(walk, node, observed.entering(node, causes.cost[effect]), causes.probability[effect])
        walks = Walks.of(observed, starts)
        unseen = _unseen(observed, starts, causes.observable[effect], len(place))
        absent, signs = np.asarray(absence(walks) + unseen), Signs.of(walks, place)
        bias = np.asarray(causes.prior[cause] + absent + signs.lateness)
        return cls(observed, causes, place, cause, walks, absent, bias, signs)


def _unseen(observed: Observed, starts: Starts, observable: Flags, count: int) -> Floats:
    unseen = observable & ~observed.graph.watched[starts.node] & (observed.number[starts.node] == 0)
    log = np.log1p(-starts.belief * (1.0 - observed.graph.miss[starts.node]) * _UNSEEN)
    return sums(starts.walk[unseen], log[unseen], count)
