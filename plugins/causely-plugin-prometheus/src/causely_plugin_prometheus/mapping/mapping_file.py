"""A mapping: what is written in one file."""

from __future__ import annotations

from attrs import frozen

from causely_plugin_prometheus.mapping.alert_rule import AlertRule
from causely_plugin_prometheus.mapping.rule import Rule


@frozen
class MappingFile:
    """A mapping.

    Attributes:
        name: of it, or the path of its file.
        metrics: of which a server has at least one that has anything for it.
        rules: of queries.
        alerts: rules of alerts; the first that one fits counts.
    """

    name: str
    metrics: tuple[str, ...]
    rules: tuple[Rule, ...]
    alerts: tuple[AlertRule, ...] = ()
