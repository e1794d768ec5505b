"""The detector: alerts that fire, where no other symptom is what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import evolve, frozen

from causely_core.model import AttributeWindow, Baseline, EntityId, Symptom, SymptomKey, ThresholdSource, Window
from causely_plugin_prometheus.mapping.alert_rule import ALERT_SEVERITY

ALERT_FIRING = "Alert_Firing"


@frozen
class AlertDetector:
    """Raises ``Alert_Firing`` while the worst alert of an entity has a severity above 0.

    Attributes:
        patience: seconds after which it clears when nobody tells anything of the alert any more.
    """

    patience: float
    name: str = "alerts"
    attributes: Sequence[str] = (ALERT_SEVERITY,)

    @property
    def symptoms(self) -> Mapping[str, str]:
        """The one symptom, and what shows it."""
        return {ALERT_FIRING: ALERT_SEVERITY}

    def detect(self, window: Window) -> Iterator[Symptom]:
        """Judge the newest value of each entity."""
        seen = _newest(window.attributes.get(ALERT_SEVERITY), window.now - self.patience)
        for entity, severity in seen.items():
            before = window.active.get(SymptomKey(entity, ALERT_FIRING))
            if severity > 0.0:
                yield self._firing(entity, severity, before.onset if before else window.now, window.now)
        for key, before in window.active.items():
            if key.name == ALERT_FIRING and not seen.get(key.entity, 0.0) > 0.0:
                yield evolve(before, active=False, updated_at=window.now, severity=0.0, detector=self.name)

    def _firing(self, entity: EntityId, severity: float, onset: float, now: float) -> Symptom:
        baseline = Baseline(0.0, 0.0, ThresholdSource.DEFAULT)
        level = min(severity, 1.0)
        return Symptom(entity, ALERT_FIRING, True, onset, now, level, ALERT_SEVERITY, severity, baseline, self.name)


def _newest(seen: AttributeWindow | None, since: float) -> Mapping[EntityId, float]:
    """The newest values, where they are not too old."""
    if seen is None or not seen.series:
        return {}
    rows = zip(seen.series, seen.times[:, -1].tolist(), seen.values[:, -1].tolist(), strict=True)
    return {series.entity: value for series, time, value in rows if time >= since}
