"""A detector that keeps its contract."""

from typing import ClassVar

import numpy as np
import pytest
from attrs import frozen

from causely_core.hookspecs import hookimpl
from causely_core.model import Baseline, Symptom, SymptomKey, ThresholdSource
from causely_core.testing import DetectorContract


@frozen
class TooFull:
    limit: float
    name: str = "too-full"
    attributes: tuple = ("memory_utilization",)
    symptoms: ClassVar = {"Memory_Full": "memory_utilization"}

    def detect(self, window):
        seen = window.attributes.get("memory_utilization")
        if seen is None:
            return
        newest = seen.values[:, -1]
        for series, value in zip(seen.series, np.nan_to_num(newest).tolist(), strict=True):
            before = window.active.get(SymptomKey(series.entity, "Memory_Full"))
            if before or value > self.limit:
                yield Symptom(
                    series.entity,
                    "Memory_Full",
                    active=value > self.limit,
                    onset=before.onset if before else window.now,
                    updated_at=window.now,
                    severity=1.0 if value > self.limit else 0.0,
                    attribute="memory_utilization",
                    value=value,
                    baseline=Baseline(0.5, self.limit, ThresholdSource.DEFAULT),
                    detector=self.name,
                )


class Plugin:
    causely_api = 1

    @hookimpl
    def causely_symptom_detectors(self, context):
        return [TooFull(0.9)]


class TestTooFull(DetectorContract):
    @pytest.fixture
    def plugin(self):
        return Plugin
