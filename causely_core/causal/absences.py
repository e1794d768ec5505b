"""What speaks against a cause: the symptoms that it would show, that are watched, and that are not there.

Absences are told together along the tree of strongest paths, leaves first (the upward pass of belief propagation in
trees: Pearl, *Probabilistic Reasoning in Intelligent Systems*, 1988, chapter 4). What never became of a state that
nobody sees, says of all that would follow from it only once that the state is not there.

With ``p`` the probability of a state given the one before it, ``m`` its miss (1 if nobody would see it) and ``below``
the likelihood of what is absent beyond it, the likelihood of a state is

- 1 if it is active: what follows from a symptom that is seen, follows whatever caused it,
- ``(1 - p + p m) below`` if something active follows from it, which it could not if it were not there,
- ``1 - p + p m below`` otherwise.

Calm siblings by one rule share one weight: ten operations that stay calm are not ten independent facts.
"""

from __future__ import annotations

import numpy as np

from causely_core.causal.arrays import Floats
from causely_core.causal.exact import sums
from causely_core.causal.observed import Observed

FAR = 0.6
"""Weight of an absence for each step that it is away from the cause: the further, the more may have kept it calm."""

_LEAST = 0.05
"""Likelihood of calm below which none goes: much may keep calm what depends on what is ill."""


def spreading(observed: Observed) -> Floats:
    """For each active symptom the likelihood that what may follow from it is as calm as it is, if it is true.

    A symptom of which nothing follows is more likely noise, whatever may have caused it.
    """
    graph = observed.graph
    which, arrow = graph.out.rows.of(observed.nodes)
    head = graph.out.head[arrow].astype(np.int64)
    calm = np.flatnonzero(observed.absences(head))
    which, arrow, head = which[calm], arrow[calm], head[calm]
    passed = graph.rules.probability[graph.out.rule[arrow]] * (1.0 - graph.miss[head])
    log = sums(which, graph.out.share[arrow] * np.log1p(-passed), len(observed.nodes))
    return np.asarray(np.maximum(np.exp(FAR * log), _LEAST))
