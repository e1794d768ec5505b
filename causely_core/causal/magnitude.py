"""How strong symptoms are, to compare those of one kind: an effect is seldom worse than its cause.

What a fault adds to the times or errors of a service is diluted in its callers by what they do besides. Where a symptom
is much stronger than the one it would come from, it hardly comes from there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from attrs import frozen

from causely_core.causal.arrays import Floats, Places
from causely_core.model import Symptom

_TOLERANCE = 0.2
"""Logarithm of the ratio by which an effect may be stronger without being less likely: noise, and several causes."""

_WIDTH = 0.4
"""By how much more the logarithm grows when it gets less likely by a factor of e."""

_LEAST = 0.03
"""Factor below which no excess goes: several calls for one request, or several causes, may add up to anything."""

_MOST_SEVERE = 0.999
"""Severity above which nothing is told apart, so that logarithms stay finite."""

_SMALLEST = 1e-9
"""Excess below which nothing is told apart, in the attribute's unit; the same for values below the usual one."""


@frozen(eq=False)
class Magnitudes:
    """The strengths of K active symptoms.

    Attributes:
        level: K, logarithm of the value by its threshold, as the severity tells it.
        excess: K, logarithm of what the value is above the usual one, in its unit; NaN where that is not known.
    """

    level: Floats
    excess: Floats

    @classmethod
    def of(cls, symptoms: Iterable[Symptom]) -> Magnitudes:
        """Of ``symptoms``, in their order."""
        each = list(symptoms)
        severity = np.array([symptom.severity for symptom in each], dtype=np.float64)
        excess = np.array([_excess(symptom) for symptom in each], dtype=np.float64)
        return cls(-np.log1p(-np.clip(severity, 0.0, _MOST_SEVERE)), excess)

    def plausible(self, causes: Places, effects: Places) -> Floats:
        """By what factor less likely each of ``effects`` comes of the symptom in ``causes``, for it is stronger.

        The smaller of both measures decides, so that neither a low usual value nor another unit makes a difference.
        """
        level = self.level[effects] - self.level[causes]
        excess = self.excess[effects] - self.excess[causes]
        more = np.fmin(level, excess)
        return np.asarray(np.clip(np.exp((_TOLERANCE - more) / _WIDTH), _LEAST, 1.0))


def _excess(symptom: Symptom) -> float:
    more = symptom.value - symptom.baseline.center
    return math.log(max(more, _SMALLEST)) if math.isfinite(more) else math.nan
