"""Candidates: the root causes that could have led to an active symptom, with what each would show; in columns."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from causely_core.causal.absences import absence, spreading
from causely_core.causal.arrays import Flags, Floats, Places
from causely_core.causal.causes import Causes
from causely_core.causal.exact import sums, whole
from causely_core.causal.observed import Observed
from causely_core.causal.onsets import lateness
from causely_core.causal.possible import possible
from causely_core.causal.rows import spread
from causely_core.causal.siblings import beliefs
from causely_core.causal.walk import DIRECT, Starts, Walks

_UNSEEN = 0.97
"""Chance that a cause's own sign is watched where the cause can occur.

What is not measured is often not there: a service without pool metrics mostly has no pool. Without this, causes that
cannot be seen would be preferred, for nothing would speak against them.
"""


@frozen(eq=False)
class Signs:
    """Where a candidate leads to an active symptom: one a place in each array, by candidate and symptom.

    Attributes:
        row: the candidate.
        number: the active symptom, 0 to K - 1.
        via: the node before it on the strongest path; -1 - ``row`` for direct effects.
        weight: -log(1 - probability that the candidate makes the symptom seen).
    """

    row: Places
    number: Places
    via: Places
    weight: Floats


@frozen(eq=False)
class Candidates:
    """N root causes, by entity id and name.

    Attributes:
        place: N, of their entities.
        cause: N, numbers in ``causes``.
        walks: what each leads to.
        absence: N, log likelihood of what they would show and is absent, or not watched on their own entity.
        lateness: N, log likelihood of their own symptoms' onsets.
        bias: N, log prior odds with the evidence of absences and onsets.
        signs: the active symptoms that each leads to.
    """

    observed: Observed
    causes: Causes
    place: Places
    cause: Places
    walks: Walks
    absence: Floats
    lateness: Floats
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
        late, unseen = lateness(walks, len(place)), _unseen(observed, starts, causes.observable[effect], len(place))
        absent = np.asarray(absence(walks) + unseen)
        bias = np.asarray(causes.prior[cause] + absent + late)
        return cls(observed, causes, place, cause, walks, absent, late, bias, _signs(walks))

    def alone(self) -> Floats:
        """N, the score that each would have as the only cause."""
        silence = 1.0 - self.observed.leaks[self.signs.number]
        evidence = np.log1p(-silence * np.exp(-self.signs.weight)) - np.log1p(-silence)
        return np.asarray(self.bias + sums(self.signs.row, evidence, len(self.bias)))


def _unseen(observed: Observed, starts: Starts, observable: Flags, count: int) -> Floats:
    unseen = observable & ~observed.graph.watched[starts.node] & (observed.number[starts.node] == 0)
    log = np.log1p(-starts.belief * (1.0 - observed.graph.miss[starts.node]) * _UNSEEN)
    return sums(starts.walk[unseen], log[unseen], count)


def _signs(walks: Walks) -> Signs:
    observed = walks.observed
    cells = np.flatnonzero(observed.number[walks.node])
    number = observed.number[walks.node[cells]] - 1
    order = np.argsort(number.astype(np.min_scalar_type(len(observed.nodes))), kind="stable")
    order = order[np.argsort(walks.walk[cells[order]].astype(np.min_scalar_type(len(walks.first))), kind="stable")]
    cells, number = cells[order], number[order]
    row = walks.walk[cells]
    via = walks.via[cells]
    before = np.where(via == DIRECT, -1 - row, walks.node[via])
    miss = observed.graph.miss[observed.nodes[number]]
    seen = beliefs(walks, row, cells) * (1.0 - miss) * spreading(observed)[number]
    return Signs(row, number, before, whole(-np.log1p(-seen)))
