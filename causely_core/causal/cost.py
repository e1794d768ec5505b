"""Costs of paths as whole numbers, so that sums are the same in every order and equal paths are equal to the bit.

A cost is a strength, -log probability in units of 2^-20 nats, and below it a dimness: of paths of one strength, the
one along which more is seen costs less.
"""

from __future__ import annotations

import math

import numpy as np

from causely_core.causal.arrays import Floats, Places

UNITS = 1 << 20
"""Units of strength in one nat: steps of a millionth are far below any probability's accuracy."""

STRENGTH = 1 << 20
"""One unit of strength, in units of dimness: more than any path's dimness adds up to."""

DIMNESS = 1 << 10
"""Dimness of a state of which nothing is seen."""

DIMMEST = 16.0
"""Times as dim as that, and no dimmer, is a state that is watched and absent."""

EASE = 4
"""How much less an arrow costs whose effect is seen: a fault that spreads over many hops is seen at most of them."""


def cost(probability: Floats) -> Places:
    """The cost of passing an arrow, or a start, of ``probability``; at least one unit, so that longer costs more."""
    return np.asarray(np.maximum(np.rint(-np.log(probability) * UNITS), 1.0), dtype=np.int64) * STRENGTH


def dearer(factor: Floats) -> Places:
    """What an arrow costs more that is less likely by ``factor``; nothing for 1."""
    return np.asarray(np.rint(-np.log(factor) * UNITS), dtype=np.int64) * STRENGTH


def eased(cost: Places) -> Places:
    """The ``cost`` of passing arrows whose effects are seen."""
    return np.asarray(np.maximum(cost // (EASE * STRENGTH), 1) * STRENGTH)


def dimness(ratio: Floats) -> Places:
    """The dimness of a state with the odds ``ratio`` that what is seen of it is seen when it is not there."""
    return np.asarray(np.rint(np.minimum(ratio, DIMMEST) * DIMNESS), dtype=np.int64)


def limit(strength: float) -> int:
    """The highest cost of paths of ``strength`` or more, however dim."""
    return (round(-math.log(strength) * UNITS) + 1) * STRENGTH - 1
