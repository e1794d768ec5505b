"""One symptom of one attribute: the value is above its threshold for a while."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from attrs import field, frozen

from causely_core.detection.baseline import Floats, median
from causely_core.detection.hysteresis import Hysteresis
from causely_core.detection.one_symptom import OneSymptomDetector
from causely_core.detection.rows import choose, cleared, severity
from causely_core.detection.thresholds import Thresholds, clear_threshold
from causely_core.model import (
    AttributeWindow,
    Baseline,
    EntityId,
    Symptom,
    ThresholdSource,
    Window,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from numpy.typing import NDArray

_DEFAULT_PATIENCE = 180.0  # seconds; what is above a default from its beginning and stays there is just like that


@frozen
class ThresholdDetector(OneSymptomDetector):
    """Raises ``symptom`` where ``attribute`` breaks its threshold.

    Attributes:
        thresholds: where the threshold comes from.
        hysteresis: how long it must be broken, and how long calm.
        adopt_after: seconds after which a level that stays is taken as normal, for attributes where high
            is no fault by itself; the baseline is frozen until then.
        full: where nothing is left, in the attribute's unit: what severity 1 is; infinite where there is no such end.
    """

    thresholds: Thresholds
    hysteresis: Hysteresis = field(factory=Hysteresis)
    adopt_after: float = math.inf
    full: float = math.inf

    @property
    def depth(self) -> int | None:
        """How many samples it needs; none for all, to learn from."""
        return None if self.thresholds.learning else max(self.hysteresis.samples, self.hysteresis.calm)

    def judge(
        self, seen: AttributeWindow, active: dict[EntityId, Symptom], gone: Collection[EntityId], window: Window
    ) -> Iterator[Symptom]:
        """See :class:`OneSymptomDetector`."""
        manual = self.thresholds.manual(self.symptom, window)
        suspects = choose(seen, self._suspects(seen, {*active, *manual}))
        if not suspects.series:
            return
        baselines = self._baselines(suspects, active, manual, window.now)
        limits = np.array([baseline.threshold for baseline in baselines])
        breaking = self.hysteresis.breaking(suspects.times, suspects.values, limits, window.now)
        calm = self.hysteresis.calmed(suspects.values, np.array([clear_threshold(b) for b in baselines]))
        levels = median(suspects.values[:, -self.hysteresis.samples :]).tolist()
        for row, baseline in enumerate(baselines):
            before = active.get(suspects.series[row].entity)
            if before is not None and calm[row]:
                yield cleared(before, window.now)
            elif before is not None or breaking[row].any():
                onset = before.onset if before else _first(suspects.times[row], breaking[row])
                yield self._symptom(suspects, row, baseline, levels[row], onset, window.now)

    def _suspects(self, seen: AttributeWindow, always: set[EntityId]) -> list[int]:
        """Rows worth learning about: those that must be judged, and those high enough for any threshold."""
        recent = seen.values[:, -self.hysteresis.samples :]
        high = (recent > self.thresholds.lowest).sum(axis=1) >= self.hysteresis.fewest
        if self.thresholds.learning is not None and self.thresholds.default == math.inf and high.any():
            # The center is no lower than the lowest sample, which is far cheaper to find.
            lowest = np.fmin.reduce(seen.values[high], axis=1)
            high[high] = np.fmax.reduce(recent[high], axis=1) > self.thresholds.learning.ratio * lowest
        rows = set(np.flatnonzero(high).tolist())
        if always:
            rows.update(row for row, series in enumerate(seen.series) if series.entity in always)
        return sorted(rows)

    def _baselines(
        self,
        seen: AttributeWindow,
        active: dict[EntityId, Symptom],
        manual: dict[EntityId, float],
        now: float,
    ) -> list[Baseline]:
        learned = self.thresholds.baselines(seen, now, manual)
        return [
            self._frozen(active.get(series.entity), baseline, now)
            for series, baseline in zip(seen.series, learned, strict=True)
        ]

    def _frozen(self, before: Symptom | None, baseline: Baseline, now: float) -> Baseline:
        """What was normal when the symptom began, unless a person says otherwise by now."""
        if before is None or baseline.source is ThresholdSource.MANUAL:
            return baseline
        default = before.baseline.source is ThresholdSource.DEFAULT
        patience = min(_DEFAULT_PATIENCE, self.adopt_after) if default else self.adopt_after
        return baseline if now - before.onset > patience else before.baseline

    def _symptom(
        self, seen: AttributeWindow, row: int, baseline: Baseline, level: float, onset: float, now: float
    ) -> Symptom:
        return Symptom(
            entity=seen.series[row].entity,
            name=self.symptom,
            active=True,
            onset=onset,
            updated_at=now,
            severity=severity(level, baseline.threshold, self.full),
            attribute=self.attribute,
            value=float(seen.values[row, -1]),
            baseline=baseline,
            detector=self.name,
        )


def _first(times: Floats, breaking: NDArray[np.bool_]) -> float:
    """When the first of the newest samples that are breaking was taken."""
    return float(times[-len(breaking) :][breaking][0])
