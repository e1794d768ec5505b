"""Detectors of attributes that only this plugin has. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from attrs import frozen

from causely_core.model import Baseline, EntityId, Series, Symptom, SymptomKey, ThresholdSource, Window

_SAMPLES = 3
"""In a row that raise, or clear."""
_SILENCE = 30.0
"""Seconds without a sample after which a symptom clears, as others do."""


@frozen
class LimitDetector:
    """Raises ``symptom`` while ``attribute`` is above ``limit``.

    Attributes:
        name: unique in the plugin.
        full: where nothing is left: what severity 1 is.
    """

    name: str
    symptom: str
    attribute: str
    limit: float
    full: float = 1.0

    @property
    def attributes(self) -> Sequence[str]:
        """The one attribute."""
        return (self.attribute,)

    @property
    def symptoms(self) -> Mapping[str, str]:
        """The one symptom, and what shows it."""
        return {self.symptom: self.attribute}

    @property
    def depth(self) -> int:
        """Samples that are enough."""
        return _SAMPLES

    def detect(self, window: Window) -> Iterator[Symptom]:
        """Judge the newest samples of each entity."""
        rows = {series.entity: (times, values) for series, times, values in self._rows(window)}
        for entity, (times, values) in rows.items():
            before = window.active.get(SymptomKey(entity, self.symptom))
            fresh = times[-1] >= window.now - _SILENCE
            if fresh and len(values) >= _SAMPLES and min(values) > self.limit:
                yield self._told(entity, before, True, times[0], values[-1], window.now)
            elif before and (not fresh or max(values) <= self.limit):
                yield self._told(entity, before, False, times[0], values[-1], window.now)
        for key, before in window.active.items():
            if key.name == self.symptom and key.entity not in rows and before.updated_at < window.now - _SILENCE:
                yield self._told(key.entity, before, False, before.onset, before.value, window.now)

    def _rows(self, window: Window) -> Iterator[tuple[Series, list[float], list[float]]]:
        seen = window.attributes.get(self.attribute)
        if seen is None:
            return
        for series, times, values in zip(seen.series, seen.times, seen.values, strict=True):
            there = ~np.isnan(values)
            if there.any():
                yield series, times[there][-_SAMPLES:].tolist(), values[there][-_SAMPLES:].tolist()

    def _told(
        self, entity: EntityId, before: Symptom | None, active: bool, onset: float, value: float, now: float
    ) -> Symptom:
        return Symptom(
            entity,
            self.symptom,
            active=active,
            onset=before.onset if before else onset,
            updated_at=now,
            severity=min(max((value - self.limit) / (self.full - self.limit), 0.0), 1.0) if active else 0.0,
            attribute=self.attribute,
            value=value,
            baseline=Baseline(0.0, self.limit, ThresholdSource.DEFAULT),
            detector=self.name,
        )


def detectors() -> tuple[LimitDetector, ...]:
    """One a symptom."""
    return (
        LimitDetector("aws-burst-credits", "BurstCredits_Low", "burst_credits_used", 0.9),
        LimitDetector("aws-storage-full", "Storage_Full", "storage_full", 0.5),
        LimitDetector("aws-failover", "Failover_Seen", "failover_count", 0.5),
        LimitDetector("aws-port-allocation", "PortAllocationErrors_High", "port_allocation_error_rate", 0.01, 1.0),
    )
