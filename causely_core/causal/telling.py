"""What would tell causes apart: the symptom nobody looks at of which a look is worth most.

The worth of looking at a symptom is the expected information about which cause is right (Lindley, *On a measure of the
information provided by an experiment*, 1956; de Kleer and Williams, *Diagnosing multiple faults*, 1987, choose the next
measurement so): with the causes' probabilities ``w`` and the probability ``p[i]`` that the symptom is seen if cause
``i`` is right,

    gain = H(w) - P(seen) H(w | seen) - P(not seen) H(w | not seen),    P(seen) = sum of w[i] p[i]

in bits, where ``H(w) = - sum of w[i] log2 w[i]``. It equals ``h(P(seen)) - sum of w[i] h(p[i])`` with the entropy ``h``
of a coin, which needs no division and is what is computed.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence

import numpy as np

from causely_core.causal.arrays import Floats, Places
from causely_core.causal.candidate import Candidate
from causely_core.causal.observed import Observed
from causely_core.model import CauseRef, TellingSymptom

_LEAST = 0.01
"""Bits below which a look is not worth telling: causes that are 99.9 % certain have no more to gain."""

_MOST = 3
"""Symptoms told of."""

_DIGITS = 9
"""To which gains are told and compared, so that rounding in sums does not decide the order."""


def information_gain(weights: Floats, seen: Floats) -> Floats:
    """Expected information (S) in bits, 0 or more, of a look at each of S symptoms.

    Args:
        weights: C, of the causes of which one is right; their sum is 1.
        seen: C x S, probability that each symptom is seen if the cause is right, 0..1.
    """
    expected = _coin(_mean(weights, seen)) - _mean(weights, _coin(seen))
    return np.asarray(np.maximum(expected, 0.0))


def telling(observed: Observed, rivals: Sequence[Candidate], weights: Floats) -> tuple[TellingSymptom, ...]:
    """The symptoms that would tell which of ``rivals`` is right, most telling first.

    Only symptoms that nobody looks at and that can be seen count. One is seen if a cause is right with
    ``1 - (1 - leak)(1 - belief (1 - miss))``, with the model's leak and miss and the belief that the cause leads to it.

    Args:
        observed: what is seen already.
        rivals: causes of which one is right, the preferred one first; it is favoured where two predict the same.
        weights: of each its probability; need not sum to 1.
    """
    total = float(weights.sum())
    if total <= 0.0 or _entropy((weights / total).tolist()) <= _LEAST:
        return ()
    nodes, belief = _unobserved(rivals)
    if not len(nodes):
        return ()
    calm = 1.0 - observed.slots.leak[observed.slots.at(nodes)]
    seen = 1.0 - calm * (1.0 - belief * (1.0 - observed.graph.miss[nodes]))
    gains = information_gain(weights / total, seen).round(_DIGITS)
    worth = np.flatnonzero(gains > _LEAST).tolist()
    best = heapq.nsmallest(_MOST, worth, key=lambda column: (-gains[column], observed.graph.key(int(nodes[column]))))
    return tuple(_told(observed, int(nodes[n]), float(gains[n]), rivals[int(np.argmax(seen[:, n]))]) for n in best)


def _unobserved(rivals: Sequence[Candidate]) -> tuple[Places, Floats]:
    """Nodes that any of ``rivals`` leads to and that could be seen if they were watched, and each one's belief in each.

    Returns:
        S nodes, ascending, and R x S beliefs.
    """
    places = [np.flatnonzero(each.reached.unwatched) for each in rivals]
    led = [each.reached.node[at] for each, at in zip(rivals, places, strict=True)]
    nodes, column = np.unique(np.concatenate(led), return_inverse=True)
    belief = np.zeros((len(rivals), len(nodes)))
    row = np.repeat(np.arange(len(rivals)), [len(at) for at in places])
    belief[row, column] = np.concatenate([each.reached.belief[at] for each, at in zip(rivals, places, strict=True)])
    return nodes, belief


def _told(observed: Observed, node: int, gain: float, favoured: Candidate) -> TellingSymptom:
    _, _, spec, key = observed.graph.state(node)
    return TellingSymptom(key.entity, key.name, spec.attribute, gain, CauseRef(favoured.entity, favoured.spec.name))


def _mean(weights: Floats, values: Floats) -> Floats:
    return np.asarray((weights[:, None] * values).sum(axis=0))


def _coin(p: Floats) -> Floats:
    """Entropy in bits of what is true with probability ``p``, for each of an array."""
    return np.asarray(_surprise(p) + _surprise(1.0 - p))


def _entropy(weights: Sequence[float]) -> float:
    return -sum(weight * math.log2(weight) for weight in weights if weight > 0.0)


def _surprise(p: Floats) -> Floats:
    """``-p log2 p``, which is 0 at 0."""
    return np.asarray(-p * np.log2(np.where(p > 0.0, p, 1.0)))
