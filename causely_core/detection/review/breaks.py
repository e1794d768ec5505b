"""Which values of a window break what is usual."""

from __future__ import annotations

import math

import numpy as np
from attrs import evolve, frozen

from causely_core.detection.review.recording import Floats
from causely_core.detection.rows import severity
from causely_core.model import Baseline, EntityId, Symptom, ThresholdSource

RAISED = 3.0
"""Spreads above the center from which a value counts as raised: one in 700 by chance."""
BROKEN = 4.0
"""One of the raised values must be this far: two raised ones are one in 10,000 windows even of five values."""
_ALONE = 6.0
"""A single value must be this far, for stray values are common: a cold start, one slow request among few."""
LONE_SEVERITY = 0.4
_DRIFT_SEVERITY = 0.2
"""What stands alone, or has been so in all of the window while the baseline is remote, is weak evidence."""


@frozen(eq=False)
class Break:
    """Values that break what is usual.

    Attributes:
        times, values: of the breaking values, oldest first.
        center, threshold: what they broke.
        most: severity is not above this.
        source: where the threshold is from.
        zero: what counts as nothing when the value is compared with the threshold: zero for what is positive by
            nature, the center for what may be below zero.
        full: where nothing is left; see :class:`ThresholdDetector`.
    """

    times: Floats
    values: Floats
    center: float
    threshold: float
    most: float = 1.0
    source: ThresholdSource = ThresholdSource.LEARNED
    zero: float = 0.0
    full: float = math.inf

    @property
    def severity(self) -> float:
        """Of the mean of the breaking values; 0..1."""
        value, threshold, full = (each - self.zero for each in (float(self.values.mean()), self.threshold, self.full))
        return min(severity(value, threshold, full), self.most)

    def drifted(self) -> Break:
        """The same, as weak evidence: it may be due to the time between the baseline and the window."""
        return evolve(self, most=min(self.most, _DRIFT_SEVERITY))

    def symptom(self, entity: EntityId, name: str, attribute: str, detector: str, now: float) -> Symptom:
        """As a detector tells it."""
        return Symptom(
            entity=entity,
            name=name,
            active=True,
            onset=float(self.times[0]),
            updated_at=now,
            severity=self.severity,
            attribute=attribute,
            value=float(self.values.mean()),
            baseline=Baseline(self.center, self.threshold, self.source),
            detector=detector,
        )


def breaking(sigmas: Floats) -> tuple[np.ndarray, float]:
    """Which values break, (n,) booleans, and the greatest severity that they may have."""
    raised = sigmas >= RAISED
    if raised.sum() >= 2 and sigmas.max(initial=0.0) >= BROKEN:
        return raised, 1.0
    return sigmas >= _ALONE, LONE_SEVERITY
