"""What is asked, and whose the answers are. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve, field, frozen

from causely_plugin_prometheus.mapping.alert_rule import FIRING, AlertRule, assigned
from causely_plugin_prometheus.mapping.mapping_file import MappingFile
from causely_plugin_prometheus.mapping.rule import Rule
from causely_plugin_prometheus.vector import Vector


@frozen
class Questions:
    """The rules of all mappings, those of alerts last.

    Attributes:
        rules: of queries, then of alerts.
        alerts: the last of these, as rules of alerts.
        by_query: what is asked, and the positions of the rules that it is asked for.
    """

    rules: tuple[Rule, ...]
    alerts: tuple[AlertRule, ...]
    by_query: Mapping[str, tuple[int, ...]] = field(init=False, hash=False)

    def __attrs_post_init__(self) -> None:
        by_query: dict[str, tuple[int, ...]] = {}
        for index, rule in enumerate(self.rules):
            by_query[rule.query] = (*by_query.get(rule.query, ()), index)
        object.__setattr__(self, "by_query", by_query)

    @classmethod
    def of(cls, mappings: Iterable[MappingFile], window: str) -> Questions:
        """Those of some mappings, with the range that rates are taken over put in."""
        files = list(mappings)
        alerts = tuple(alert for each in files for alert in each.alerts)
        rules = [evolve(rule, query=rule.asked(window)) for each in files for rule in each.rules]
        return cls((*rules, *(alert.rule for alert in alerts)), alerts)

    def heard(self, query: str, vector: Vector) -> Iterator[tuple[int, Vector]]:
        """The rules that an answer is for, each with what of it is for that rule."""
        first = len(self.rules) - len(self.alerts)
        of_alerts = assigned(self.alerts, vector) if query == FIRING else []
        for index in self.by_query[query]:
            yield index, vector if index < first else of_alerts[index - first]
