"""Sums that are the same in every order."""

from __future__ import annotations

import numpy as np

from causely_core.causal.arrays import Floats, Places

UNITS = 2.0**32
"""Units in one: sums below two million are exact in 53 bits."""


def whole(terms: Floats) -> Floats:
    """``terms`` rounded so that sums of many are exact, and so do not depend on their order."""
    return np.asarray(np.rint(terms * UNITS) / UNITS)


def sums(group: Places, terms: Floats, groups: int) -> Floats:
    """The sum of the ``terms`` of each of ``groups`` groups; rounded, so that it does not depend on their order."""
    return np.bincount(group, whole(terms), groups).astype(np.float64)
