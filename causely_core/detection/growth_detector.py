"""A quantity that keeps growing past what it used to be: a leak, a backlog that is not worked off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from causely_core.detection.baseline import MIN_SAMPLES, Floats, median
from causely_core.detection.one_symptom import OneSymptomDetector
from causely_core.detection.rows import choose, cleared, severity
from causely_core.detection.trend import rise
from causely_core.model import AttributeWindow, Baseline, EntityId, Symptom, ThresholdSource, Window

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from numpy.typing import NDArray


@frozen
class GrowthDetector(OneSymptomDetector):
    """Raises ``symptom`` where ``attribute`` rises steadily to more than it has been before.

    Attributes:
        floor: least growth that counts, in the attribute's unit.
        ratio: least growth that counts, as a share of what is usual.
        samples: how many must rise.
        strides: takes every k-th sample, for slower growth; the first is 1.
        agreement: Kendall's tau that the samples must reach to count as rising.
        settling: seconds; while a series is younger, growth before the rise means that it is starting up.
    """

    floor: float
    ratio: float
    samples: int = 6
    strides: tuple[int, ...] = (1, 2, 6, 24)
    agreement: float = 0.8
    settling: float = 180.0

    def judge(
        self, seen: AttributeWindow, active: dict[EntityId, Symptom], gone: Collection[EntityId], window: Window
    ) -> Iterator[Symptom]:
        """See :class:`OneSymptomDetector`."""
        yield from self._continued(seen, active, window.now)
        yield from self._begun(seen, {*active, *gone}, window.now)

    def _begun(self, seen: AttributeWindow, known: set[EntityId], now: float) -> Iterator[Symptom]:
        found: set[EntityId] = set()
        for stride in self.strides:
            span = stride * (self.samples - 1) + 1
            if seen.values.shape[1] < span + MIN_SAMPLES:
                return
            rows = [row for row in self._suspects(seen, span) if seen.series[row].entity not in known | found]
            for symptom in self._rising(choose(seen, rows), stride, span, now):
                found.add(symptom.entity)
                yield symptom

    def _suspects(self, seen: AttributeWindow, span: int) -> NDArray[np.intp]:
        """Rows that are higher by the floor than where the rise would have begun; the rest costs nothing."""
        return np.flatnonzero(seen.values[:, -1] - seen.values[:, -span] >= self.floor)

    def _rising(self, seen: AttributeWindow, stride: int, span: int, now: float) -> Iterator[Symptom]:
        recent = np.s_[:, -span::stride]
        tau, total = rise(seen.times[recent], seen.values[recent])
        past = seen.values[:, :-span]
        usual, limit = self._normal(past)
        grown = (tau >= self.agreement) & (total >= self._least(usual)) & (seen.values[:, -1] > limit)
        judged = grown & self._settled(seen, past, now) & (seen.times[:, -1] >= now - 10.0)
        for row in np.flatnonzero(judged):
            baseline = Baseline(float(usual[row]), float(limit[row]), ThresholdSource.LEARNED)
            yield self._symptom(seen, int(row), baseline, float(seen.times[row, -span]), now)

    def _normal(self, past: Floats) -> tuple[Floats, Floats]:
        """Median, and what must be exceeded; NaN for rows with too short a past to judge by.

        A sawtooth (garbage collection) peaks above its upper decile by a quarter of what that is above its
        median; a rise must go well past this, too.
        """
        enough = np.isfinite(past).sum(axis=1) >= MIN_SAMPLES
        usual = np.where(enough, median(past), np.nan)
        high = _upper_decile(past)
        beyond = np.maximum(self._least(usual), (high - usual) / 2.0)
        return usual, high + beyond

    def _least(self, usual: Floats) -> Floats:
        """The smallest rise that counts."""
        return np.maximum(self.floor, self.ratio * usual)

    def _settled(self, seen: AttributeWindow, past: Floats, now: float) -> NDArray[np.bool_]:
        """Rows that had stopped growing before the rise, or that are past their start-up."""
        before = past[:, -MIN_SAMPLES:]
        flat = before[:, -1] - before[:, 0] < self.floor / 4.0
        return np.asarray(flat | (now - np.fmin.reduce(seen.times, axis=1) > self.settling))

    def _continued(self, seen: AttributeWindow, active: dict[EntityId, Symptom], now: float) -> Iterator[Symptom]:
        rows = [row for row, series in enumerate(seen.series) if series.entity in active]
        if not rows or seen.values.shape[1] < self.samples:
            return
        mine = choose(seen, rows)
        tau, total = rise(mine.times[:, -self.samples :], mine.values[:, -self.samples :])
        for row, series in enumerate(mine.series):
            before = active[series.entity]
            halfway = (before.baseline.center + before.baseline.threshold) / 2.0
            rising = tau[row] >= self.agreement / 2.0 and total[row] >= self.floor / 16.0
            if rising and mine.values[row, -1] > halfway:
                yield self._symptom(mine, row, before.baseline, before.onset, now)
            else:
                yield cleared(before, now)

    def _symptom(self, seen: AttributeWindow, row: int, baseline: Baseline, onset: float, now: float) -> Symptom:
        value = float(seen.values[row, -1])
        return Symptom(
            entity=seen.series[row].entity,
            name=self.symptom,
            active=True,
            onset=onset,
            updated_at=now,
            severity=severity(value, baseline.threshold),
            attribute=self.attribute,
            value=value,
            baseline=baseline,
            detector=self.name,
        )


def _upper_decile(values: Floats) -> Floats:
    """Of each row without its NaNs."""
    ordered = np.sort(values, axis=1)
    last = np.maximum(np.isfinite(ordered).sum(axis=1) - 1, 0)
    return np.asarray(ordered[np.arange(len(values)), (9 * last) // 10])
