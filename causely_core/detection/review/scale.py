"""What is usual in a stretch and how far its values stray from that, on the scale that fits them."""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import Enum
from statistics import NormalDist

import numpy as np
from attrs import frozen

from causely_core.detection.review.quantiles import between, median, middle
from causely_core.detection.review.recording import Floats, Stretch

MIN_USUAL = 8
"""Values without which nothing is known to be usual."""

_TO_SIGMA = 1.4826  # makes the MAD estimate sigma for normal data (Rousseeuw & Croux, JASA 1993)
_FAR = 0.99
_FAR_SIGMAS = NormalDist().inv_cdf(_FAR)
_LEAST_SPREAD = 0.03
"""Relative: no service's level is steadier than that over hours, however steady a short baseline looks."""
_FEW = 4.0
"""The spread of ``n`` values is widened by this many ``n``-ths: few values have not shown their tails yet."""
_CALM_QUANTILE = 0.25
_CALM_SIGMAS = -0.5
"""Where the lower quartile of a handful of usual values lies."""


_DRIFTED = 3.0
"""Spreads above the center from which the calm part of the window is told to have drifted."""


class Drift(Enum):
    """How the usual level may have moved between the baseline and the window."""

    NONE = 0
    UPWARD = 1
    ANY = 2


@frozen
class Scale:
    """A level and a spread on some scale.

    Attributes:
        center: the usual level, on the scale.
        spread: one standard deviation, on the scale.
        drifted: even the calm part of the window is far above the center, which was therefore moved there.
        zero: the value that counts as nothing, in the attribute's unit; see :class:`Break`.
    """

    center: float
    spread: float
    drifted: bool
    zero: float
    _to: Callable[[Floats], Floats]
    _back: Callable[[float], float]

    def sigmas(self, values: Floats) -> Floats:
        """How many spreads the values are above the center."""
        return np.asarray((self._to(values) - self.center) / self.spread)

    def value(self, sigmas: float) -> float:
        """What lies ``sigmas`` spreads above the center, in the attribute's unit."""
        return self._back(self.center + sigmas * self.spread)


def relative(stretch: Stretch, drift: Drift, least: float = _LEAST_SPREAD) -> Scale | None:
    """The logarithmic scale of a quantity that is positive by nature; none when too little is known.

    Args:
        stretch: of at least :data:`MIN_USUAL` usual values.
        drift: whether the level may have moved since the baseline.
        least: the spread is at least this.
    """
    usual, values = stretch.usual[stretch.usual > 0.0], stretch.values[stretch.values > 0.0]
    if len(usual) < MIN_USUAL or not len(values):
        return None
    center, spread = _level(np.log(usual), least)
    return _moved(center, spread, np.log(values), drift, 0.0, _log, math.exp)


def absolute(stretch: Stretch, drift: Drift, unit: float) -> Scale | None:
    """The linear scale of a quantity that may be zero or below; ``unit`` is what would be a large value."""
    if len(stretch.usual) < MIN_USUAL or not len(stretch.values):
        return None
    center, spread = _level(stretch.usual, _LEAST_SPREAD * unit)
    return _moved(center, spread, stretch.values, drift, center, np.asarray, float)


def _level(usual: Floats, least: float) -> tuple[float, float]:
    ordered = np.sort(usual)
    center = middle(ordered)
    core = _TO_SIGMA * median(np.abs(ordered - center))
    tail = (between(ordered, _FAR) - center) / _FAR_SIGMAS
    return center, max(core, tail, least) * (1.0 + _FEW / len(usual))


def _moved(
    center: float,
    spread: float,
    values: Floats,
    drift: Drift,
    zero: float,
    to: Callable[[Floats], Floats],
    back: Callable[[float], float],
) -> Scale:
    """The scale with its center where the calm part of the window is, if the level may have drifted there."""
    calm = float(np.sort(values)[int((len(values) - 1) * _CALM_QUANTILE)]) - _CALM_SIGMAS * spread
    if drift is Drift.NONE or (calm < center and drift is Drift.UPWARD):
        return Scale(center, spread, False, zero, to, back)
    return Scale(calm, spread, calm - center > _DRIFTED * spread, zero + calm - center if zero else 0.0, to, back)


def _log(values: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(values, 1e-300)))
