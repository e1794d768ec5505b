"""The detectors of the attributes that only Google Cloud has. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import evolve, frozen

from causely_core.model import (
    Baseline,
    EntityId,
    Symptom,
    SymptomKey,
    ThresholdSource,
    Window,
)

if TYPE_CHECKING:
    from causely_core.model import AttributeWindow

SAMPLES = 3
"""Samples that must all be above the threshold, or below it, for a symptom to begin or to end."""

SILENCE = 30.0
"""Seconds without a sample after which nothing is known any more."""


@frozen
class LimitDetector:
    """Raises ``symptom`` while ``attribute`` is above a limit: one that Google recommends, or that tells a state.

    Attributes:
        name: unique in the plugin.
        symptom: what it raises.
        attribute: what shows it.
        limit: in the attribute's unit, unless a person has set another one for the entity.
        depth: samples that it needs.
    """

    name: str
    symptom: str
    attribute: str
    limit: float
    depth: int = SAMPLES

    @property
    def attributes(self) -> Sequence[str]:
        """The one attribute."""
        return (self.attribute,)

    @property
    def symptoms(self) -> Mapping[str, str]:
        """The one symptom."""
        return {self.symptom: self.attribute}

    def detect(self, window: Window) -> Iterator[Symptom]:
        """What is above its limit, and what is no longer, or is silent."""
        active = {key.entity: each for key, each in window.active.items() if key.name == self.symptom}
        seen = window.attributes.get(self.attribute)
        heard: set[EntityId] = set()
        for row, series in enumerate(seen.series) if seen is not None else ():
            if seen is not None and window.now - float(seen.times[row, -1]) <= SILENCE:
                heard.add(series.entity)
                yield from self._judged(seen, row, active.get(series.entity), window)
        for entity, before in active.items():
            if entity not in heard and window.now - before.updated_at > SILENCE:
                yield _cleared(before, window.now)

    def _judged(self, seen: AttributeWindow, row: int, before: Symptom | None, window: Window) -> Iterator[Symptom]:
        entity, values = seen.series[row].entity, seen.values[row, -SAMPLES:]
        manual = window.manual.get(SymptomKey(entity, self.symptom))
        baseline = Baseline(
            np.nan,
            self.limit if manual is None else manual,
            ThresholdSource.DEFAULT if manual is None else ThresholdSource.MANUAL,
        )
        above = int((values > baseline.threshold).sum())
        if before is not None and (values <= baseline.threshold).sum() == SAMPLES:
            yield _cleared(before, window.now)
        elif before is not None or above == SAMPLES:
            onset = before.onset if before else float(seen.times[row, -SAMPLES])
            yield self._symptom(entity, float(values[-1]), baseline, onset, window.now)

    def _symptom(self, entity: EntityId, value: float, baseline: Baseline, onset: float, now: float) -> Symptom:
        return Symptom(
            entity=entity,
            name=self.symptom,
            active=True,
            onset=onset,
            updated_at=now,
            severity=max(0.0, 1.0 - baseline.threshold / value) if value > 0 else 0.0,
            attribute=self.attribute,
            value=value,
            baseline=baseline,
            detector=self.name,
        )


def _cleared(symptom: Symptom, now: float) -> Symptom:
    return evolve(symptom, active=False, updated_at=now, severity=0.0)


_HALF = 0.5  # between the 0 and the 1 of what is so or not

DETECTORS = (
    LimitDetector("cloud-sql-down", "CloudSQL_Down", "gcp.down", _HALF),
    LimitDetector("cloud-sql-failover", "CloudSQL_Failover", "gcp.failover_rate", 0.0),
    LimitDetector("pubsub-oldest-message", "PubSub_OldestMessage", "gcp.oldest_message_age", 600.0),
    LimitDetector("pubsub-dead-letters", "PubSub_DeadLetters", "gcp.dead_letter_rate", 0.0),
    LimitDetector("cloud-run-instances", "CloudRun_AtMax", "gcp.instance_utilization", 0.95),
    LimitDetector("cloud-run-starts", "CloudRun_SlowStarts", "gcp.startup_duration.p95", 10.0),
    LimitDetector("cloud-run-cpu", "CloudRun_CPU", "gcp.cpu_utilization", 0.9),
    LimitDetector("cloud-run-memory", "CloudRun_Memory", "gcp.memory_utilization", 0.9),
    LimitDetector("spanner-cpu", "Spanner_HighPriorityCPU", "gcp.high_priority_cpu", 0.65),
    LimitDetector("bigtable-hot-node", "Bigtable_HotNode", "gcp.hottest_node_cpu", 0.9),
    LimitDetector("disk-reads-throttled", "PersistentDisk_ReadsThrottled", "gcp.throttled_read_rate", 1.0),
    LimitDetector("disk-writes-throttled", "PersistentDisk_WritesThrottled", "gcp.throttled_write_rate", 1.0),
    LimitDetector("gke-degraded", "GKE_Degraded", "gcp.degraded", _HALF),
)
"""All of them. Spanner's and Bigtable's limits are those that Google recommends for their load."""
