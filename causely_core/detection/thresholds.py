"""Where a threshold comes from: a person, the row's own past, or a fixed default, in this order."""

from __future__ import annotations

import math

import numpy as np
from attrs import frozen

from causely_core.detection.baseline import MIN_SAMPLES, Floats, learn
from causely_core.model import AttributeWindow, Baseline, EntityId, ThresholdSource, Window


@frozen
class Learning:
    """How far above its normal a value must be; the highest of all the bounds counts.

    Attributes:
        ratio: times the center.
        spreads: scaled MADs above the center.
        floor: above the center, in the attribute's unit.
        least: no threshold is below this value.
        ceiling: no threshold needs to be above this value, while normal is well below it.
        min_samples: past samples needed.
    """

    ratio: float
    spreads: float
    floor: float
    least: float = 0.0
    ceiling: float = math.inf
    min_samples: int = MIN_SAMPLES

    def thresholds(self, center: Floats, spread: Floats) -> Floats:
        """The threshold of each row, NaN where ``center`` is."""
        noise = center + self.spreads * spread
        wanted = np.maximum.reduce([self.ratio * center, noise, center + self.floor])
        nearest = np.maximum(1.2 * center, center + 3.0 * spread)
        capped = np.minimum(wanted, np.maximum(self.ceiling, nearest))
        return np.where(np.isnan(center), np.nan, np.maximum(capped, self.least))


@frozen
class Thresholds:
    """The threshold policy of one symptom.

    Attributes:
        default: used until something was learned; infinite for none.
        learning: none to stay at the default for ever.
        label: entity attribute by which a person sets the threshold.
        label_unit: what one unit of the label's number is in the attribute's unit (0.001 for ms to s).
    """

    default: float = math.inf
    learning: Learning | None = None
    label: str = ""
    label_unit: float = 1.0

    @property
    def lowest(self) -> float:
        """No row without a manual threshold has one below this; attributes are never negative."""
        if self.learning is None:
            return self.default
        learned = min(max(self.learning.floor, self.learning.least), self.learning.ceiling)
        return min(self.default, learned)

    def manual(self, symptom: str, window: Window) -> dict[EntityId, float]:
        """What people set: ``window.manual`` before labels; only positive numbers are thresholds."""
        found: dict[EntityId, float] = {}
        if self.label:
            labels = ((id, entity.attributes.get(self.label)) for id, entity in window.entities.items())
            found = {id: _number(text) * self.label_unit for id, text in labels if text}
        found |= {key.entity: value for key, value in window.manual.items() if key.name == symptom}
        return {id: value for id, value in found.items() if value > 0.0}

    def baselines(self, seen: AttributeWindow, now: float, manual: dict[EntityId, float]) -> list[Baseline]:
        """The baseline of each row of ``seen``."""
        centers = thresholds = np.full(len(seen.series), np.nan)
        if self.learning is not None:
            normal = learn(seen.times, seen.values, now, self.learning.min_samples)
            centers, thresholds = normal.center, self.learning.thresholds(normal.center, normal.spread)
        rows = zip(seen.series, centers.tolist(), thresholds.tolist(), strict=True)
        return [self.baseline(center, learned, manual.get(series.entity)) for series, center, learned in rows]

    def baseline(self, center: float, learned: float, manual: float | None) -> Baseline:
        """Choose between the three sources; NaN stands for nothing learned."""
        if manual is not None:
            return Baseline(center, manual, ThresholdSource.MANUAL)
        if not math.isnan(learned):
            return Baseline(center, learned, ThresholdSource.LEARNED)
        return Baseline(center, self.default, ThresholdSource.DEFAULT)


def clear_threshold(baseline: Baseline) -> float:
    """What values must stay below to count as normal again: halfway back to the learned center."""
    if baseline.source is ThresholdSource.LEARNED:
        return baseline.center + (baseline.threshold - baseline.center) / 2.0
    return 0.9 * baseline.threshold


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
