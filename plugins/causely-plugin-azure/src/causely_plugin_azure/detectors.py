"""Detectors of the attributes that only this plugin has. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from causely_core.model import AttributeWindow, Baseline, EntityId, Symptom, SymptomKey, ThresholdSource, Window

_SAMPLES = 3
"""In a row that raise, or clear."""
_SILENCE = 60.0
"""Seconds without a sample after which a symptom clears."""


@frozen
class Limit:
    """Raises a symptom while an attribute is above a limit, or has grown by more than that.

    Attributes:
        name: unique in the plugin.
        symptom: it.
        attribute: what it is judged by.
        limit: in the attribute's unit.
        full: where nothing is left, which is the worst.
        grown: samples within which it is the growth that counts; zero for the value itself.
        times_usual: by how many times the usual value must be exceeded as well; zero where nothing is usual.
    """

    name: str
    symptom: str
    attribute: str
    limit: float
    full: float
    grown: int = 0
    times_usual: float = 0.0

    @property
    def attributes(self) -> Sequence[str]:
        """The one attribute."""
        return (self.attribute,)

    @property
    def symptoms(self) -> Mapping[str, str]:
        """The one symptom, and what shows it."""
        return {self.symptom: self.attribute}

    @property
    def depth(self) -> int | None:
        """Samples that it looks at; none for all."""
        return None if self.times_usual else _SAMPLES + self.grown

    def detect(self, window: Window) -> Iterable[Symptom]:
        """Judge the newest samples of each entity."""
        seen = window.attributes.get(self.attribute)
        judged = {symptom.entity: symptom for symptom in self._judged(seen, window)} if seen else {}
        yield from judged.values()
        watched = {series.entity for series in seen.series} if seen else set()
        for key, before in window.active.items():
            if key.name == self.symptom and key.entity not in watched and window.now - before.updated_at > _SILENCE:
                yield self._symptom(key.entity, before.value, before.onset, False, window.now, before.baseline)

    def _judged(self, seen: AttributeWindow, window: Window) -> Iterator[Symptom]:
        for series, times, values in zip(seen.series, seen.times, seen.values, strict=True):
            there = np.isfinite(values)
            levels = self._levels(values[there])
            if not len(levels):
                continue
            before = window.active.get(SymptomKey(series.entity, self.symptom))
            broken = before.baseline if before else self._baseline(values[there])
            onset = before.onset if before else float(times[there][-len(levels)])
            fresh = float(times[there][-1]) >= window.now - _SILENCE
            active = fresh and len(levels) >= _SAMPLES and float(levels.min()) > broken.threshold
            if active or (before and (not fresh or float(levels.max()) <= broken.threshold)):
                yield self._symptom(series.entity, float(levels[-1]), onset, active, window.now, broken)

    def _levels(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The newest samples, or by how much each is above the one so many before it."""
        if not self.grown:
            return values[-_SAMPLES:]
        return (values[self.grown :] - values[: -self.grown])[-_SAMPLES:]

    def _baseline(self, values: NDArray[np.float64]) -> Baseline:
        """The limit, or what is usual by far, whichever is higher."""
        past = values[:-_SAMPLES]
        if not self.times_usual or not len(past):
            return Baseline(math.nan, self.limit, ThresholdSource.DEFAULT)
        usual = float(np.median(past))
        if usual * self.times_usual <= self.limit:
            return Baseline(usual, self.limit, ThresholdSource.DEFAULT)
        return Baseline(usual, usual * self.times_usual, ThresholdSource.LEARNED)

    def _symptom(
        self, entity: EntityId, value: float, onset: float, active: bool, now: float, broken: Baseline
    ) -> Symptom:
        worst = (value - self.limit) / (self.full - self.limit) if active else 0.0
        return Symptom(
            entity=entity,
            name=self.symptom,
            active=active,
            onset=onset,
            updated_at=now,
            severity=min(max(worst, 0.0), 1.0),
            attribute=self.attribute,
            value=value,
            baseline=broken,
            detector=self.name,
        )


def detectors() -> tuple[Limit, ...]:
    """One a symptom; a fresh tuple of frozen objects."""
    return tuple(Limit(f"azure-{name}", *about) for name, about in _LIMITS.items())


_LIMITS: dict[str, tuple[Any, ...]] = {
    "capacity": ("CapacityUtilization_High", "azure.capacity_utilization", 0.9, 1.0),
    "workers": ("Workers_High", "azure.worker_utilization", 0.9, 1.0),
    "log-writes": ("LogWrites_High", "azure.log_write_utilization", 0.9, 1.0),
    "deadlocks": ("Deadlocks_High", "azure.deadlock_rate", 0.03, 1.0),
    "logins": ("LoginFailures_High", "azure.login_failure_rate", 0.5, 10.0),
    "mean-latency": ("MeanLatency_High", "azure.request_duration", 0.3, 5.0, 0, 3.0),
    "dead-letters": ("DeadLetters_Growing", "azure.dead_letters", 5.0, 500.0, 12),
    "http-queue": ("HTTPQueue_High", "azure.http_queue_length", 20.0, 200.0),
    "machine-credits": ("MachineCredits_Exhausted", "azure.credits_exhausted", 0.5, 1.0),
    "api-server-cpu": ("APIServerCPU_High", "azure.api_server_cpu_utilization", 0.9, 1.0),
    "etcd": ("Etcd_High", "azure.etcd_utilization", 0.9, 1.0),
    "resource-health": ("ResourceHealth_Bad", "azure.unavailable", 0.4, 1.0),
    "service-issue": ("ServiceIssue_Reported", "azure.service_issue", 0.5, 1.0),
}
"""Symptom, attribute, limit, the worst, samples of growth, and times of what is usual."""
