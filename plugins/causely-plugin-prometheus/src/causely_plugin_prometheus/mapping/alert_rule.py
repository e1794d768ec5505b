"""Rules of alerts: what one that fires means. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from attrs import field, frozen

from causely_plugin_prometheus.mapping.rule import Rule
from causely_plugin_prometheus.vector import Labels, Sample, Vector

FIRING = 'ALERTS{alertstate="firing"}'
"""The query that has all alerts, each a series with its labels."""
ALERT_SEVERITY = "alert_severity"
"""The attribute of an alert that is no other attribute's value."""
SEVERITIES: Mapping[str, float] = {"critical": 1.0, "error": 0.8, "warning": 0.5, "info": 0.2, "none": 0.0}
"""Values by the label that says how severe an alert is; nothing is told of those at 0."""
UNKNOWN = 0.5
"""The value of an alert that does not say how severe it is, or says it otherwise."""
_NAME = "alertname"


@frozen
class AlertRule:
    """What an alert means that has one of some names.

    Attributes:
        names: a pattern that the whole name fits.
        rule: of what, and of which attribute, the value is.
        value: that is told while the alert fires; none for that of its severity.
        label: which says how severe it is.
        severities: values by that label.
    """

    names: re.Pattern[str]
    rule: Rule
    value: float | None = None
    label: str = "severity"
    severities: Mapping[str, float] = field(default=SEVERITIES, hash=False)

    def sample(self, labels: Labels) -> Sample | None:
        """What an alert with these labels says; none where it is not one of these, or does not say of what it is."""
        if not self.names.fullmatch(labels.get(_NAME, "")) or not self.rule.key.fill(labels):
            return None
        value = self.severities.get(labels.get(self.label, ""), UNKNOWN) if self.value is None else self.value
        return Sample(labels, value)


def assigned(rules: Sequence[AlertRule], alerts: Vector) -> list[Vector]:
    """The alerts of each rule: each is that of the first rule that it fits."""
    found: list[list[Sample]] = [[] for _ in rules]
    for alert in alerts:
        for rule, samples in zip(rules, found, strict=True):
            if sample := rule.sample(alert.labels):
                samples += [sample] if sample.value else []
                break
    return list(found)
