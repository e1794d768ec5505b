"""A share of failed requests that is significantly above what is usual."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from causely_core.detection.binomial import tail, wilson
from causely_core.detection.counts import Counts, counts_of, rows_by_entity
from causely_core.detection.one_symptom import OneSymptomDetector
from causely_core.detection.rows import EMPTY, cleared, severity
from causely_core.detection.thresholds import Thresholds, clear_threshold
from causely_core.model import AttributeWindow, Baseline, EntityId, Symptom, Window

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence


@frozen
class ErrorRateDetector(OneSymptomDetector):
    """Raises ``symptom`` where the failures pooled over the last samples cannot be chance.

    Attributes:
        count: the attribute with the number of requests that the share is of.
        thresholds: default and manual thresholds; its learning is not used, the share's own is below.
        ratio: a learned threshold is at least this many times the usual share.
        floor: and at least this much above it.
        chance: the pooled failures must be less likely than this, were the share at its threshold (exact
            binomial; approximations are too lenient for few failures and small shares).
        pooled: samples pooled.
        min_failures: fewer are never a symptom.
        horizon: seconds; older samples are not pooled.
    """

    count: str
    thresholds: Thresholds
    ratio: float = 2.0
    floor: float = 0.005
    chance: float = 3e-4
    pooled: int = 4
    min_failures: float = 2.5
    horizon: float = 30.0
    min_samples: int = 8

    @property
    def attributes(self) -> Sequence[str]:
        """The share and the number of requests it is of."""
        return (self.attribute, self.count)

    def judge(
        self, seen: AttributeWindow, active: dict[EntityId, Symptom], gone: Collection[EntityId], window: Window
    ) -> Iterator[Symptom]:
        """See :class:`OneSymptomDetector`."""
        manual = self.thresholds.manual(self.symptom, window)
        requests = window.attributes.get(self.count, EMPTY)
        request_rows = rows_by_entity(requests)
        failing = self._suspects(seen)
        for row, series in enumerate(seen.series):
            entity = series.entity
            if entity not in gone and (failing[row] or entity in active or entity in manual):
                counts = counts_of(seen, row, requests, request_rows.get(entity))
                yield from self._verdict(entity, counts, active.get(entity), manual.get(entity), window.now)

    def _suspects(self, seen: AttributeWindow) -> list[bool]:
        """Whether each row fails more than once, and by more than the lowest threshold without a person's."""
        recent = seen.values[:, -self.pooled :]
        lowest = min(self.floor, self.thresholds.default)
        return [*((recent > 0.0).sum(axis=1) >= 2) & (recent > lowest).any(axis=1)]

    def _verdict(
        self, entity: EntityId, counts: Counts, before: Symptom | None, manual: float | None, now: float
    ) -> Iterator[Symptom]:
        failures, requests = counts.last(self.pooled, now - self.horizon)
        baseline = self._baseline(counts, before, manual, now)
        if before is not None and self._calm(counts, baseline, now):
            yield cleared(before, now)
        elif before is not None or self._broken(failures, requests, baseline):
            share = failures / requests if requests else 0.0
            onset = before.onset if before else _onset(counts, self.pooled)
            yield self._symptom(entity, share, baseline, onset, now)

    def _broken(self, failures: float, requests: float, baseline: Baseline) -> bool:
        return failures >= self.min_failures and tail(failures, requests, baseline.threshold) < self.chance

    def _calm(self, counts: Counts, baseline: Baseline, now: float) -> bool:
        """Few failures among many requests, or none among few but for twice as long."""
        limit = clear_threshold(baseline)
        failures, requests = counts.last(self.pooled, now - self.horizon)
        longer, _ = counts.last(2 * self.pooled, now - 2.0 * self.horizon)
        return longer == 0.0 or wilson(failures, requests, 1.0)[1] < limit

    def _baseline(self, counts: Counts, before: Symptom | None, manual: float | None, now: float) -> Baseline:
        if before is not None and manual is None:
            return before.baseline
        normal = counts.normal(now, self.min_samples, z=2.0)
        if normal is None:
            return self.thresholds.baseline(np.nan, np.nan, manual)
        usual, at_most = normal
        if usual == 0.0:
            # A short past without failures says little; it must not be laxer than no past at all.
            at_most = min(at_most, self.thresholds.default)
        return self.thresholds.baseline(usual, max(at_most, self.ratio * usual, usual + self.floor), manual)

    def _symptom(self, entity: EntityId, share: float, baseline: Baseline, onset: float, now: float) -> Symptom:
        return Symptom(
            entity=entity,
            name=self.symptom,
            active=True,
            onset=onset,
            updated_at=now,
            severity=severity(share, baseline.threshold),
            attribute=self.attribute,
            value=share,
            baseline=baseline,
            detector=self.name,
        )


def _onset(counts: Counts, pooled: int) -> float:
    failing = counts.failures[-pooled:] > 0.0
    return float(counts.times[-pooled:][failing][0])
