"""Effects of one kind that come of one cause together: where a timeout has passed once, it passes often.

The rule's probability is the chance that it passes at all. In simulated incidents callers of slow services fail in
0.3 of cases, but in 0.74 where another caller fails already; for other rules alike. And what comes of one state shares
the doubt whether that is there.
"""

from __future__ import annotations

import numpy as np

from causely_core.causal.arrays import Floats, Places
from causely_core.causal.observed import SURE, carried
from causely_core.causal.walk import Walks

_AGAIN = 0.25
"""Exponent of a rule's probability where it has passed elsewhere."""


def beliefs(walks: Walks, walk: Places, cells: Places) -> Floats:
    """The belief of each of ``cells``, more where a rule or a state shows several times in one walk.

    Args:
        walks: of the causes.
        walk: of each of ``cells``.
        cells: all that are active.
    """
    belief = walks.belief[cells].copy()
    arrow = walks.arrow[cells]
    later = np.flatnonzero(arrow >= 0)
    rules = walks.observed.graph.rules
    rule = walks.arrows.rule[arrow[later]]
    kind = np.cumsum(np.bincount(rule, minlength=len(rules.rules)) > 0)
    together = walk[later] * (int(kind.max(initial=0)) + 1) + kind[rule]
    shown = np.bincount(together)[together]
    belief[later] *= np.exp(np.log(rules.probability)[rule] * ((1.0 + (shown - 1.0) * _AGAIN) / shown - 1.0))
    via = walks.via[cells[later]]
    before = carried(walks.belief[via], walks.observed.odds(walks.node[via]))
    belief[later] *= np.exp(np.log(before) * (1.0 / np.bincount(via)[via] - 1.0))
    return np.minimum(belief, SURE)
