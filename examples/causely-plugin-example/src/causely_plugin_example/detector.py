"""The detector: files that nobody has processed for too long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from causely_core.model import Baseline, Symptom, SymptomKey, ThresholdSource, Window
from causely_plugin_example.folder import OLDEST

STALE = "OldestFile_Stale"


@frozen
class StaleDetector:
    """Raises ``OldestFile_Stale`` while the oldest file waits for longer than ``limit`` seconds."""

    limit: float
    name: str = "stale"
    attributes: Sequence[str] = (OLDEST,)

    @property
    def symptoms(self) -> Mapping[str, str]:
        """The one symptom, and what shows it."""
        return {STALE: OLDEST}

    def detect(self, window: Window) -> Iterator[Symptom]:
        """Judge the newest value of each folder. No clock and no state: the window has all there is to know."""
        if OLDEST not in window.attributes:
            return
        seen = window.attributes[OLDEST]
        for series, age in zip(seen.series, seen.values[:, -1].tolist(), strict=True):
            before = window.active.get(SymptomKey(series.entity, STALE))
            if age > self.limit or before:
                yield Symptom(
                    series.entity,
                    STALE,
                    active=age > self.limit,
                    onset=before.onset if before else window.now,
                    updated_at=window.now,
                    severity=max(0.0, 1.0 - self.limit / age) if age > self.limit else 0.0,
                    attribute=OLDEST,
                    value=age,
                    baseline=Baseline(0.0, self.limit, ThresholdSource.DEFAULT),
                    detector=self.name,
                )
