"""A metric of Cloud Monitoring, and what it means. Pure."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from types import SimpleNamespace

from attrs import field, frozen

from causely_plugin_gcp.outcomes import Outcomes


@frozen
class Metric:
    """One question to Cloud Monitoring, for all resources of a project.

    Attributes:
        type: ``cloudsql.googleapis.com/database/cpu/utilization``.
        attribute: what its values are of the entity, in docs/attributes.md or of the plugin's own.
        key: how the entity is found, a template of labels: ``sql/{resource.database_id}``.
        aligner: how the points of one series within a minute become one.
        reducer: how series of one entity become one.
        scale: what values are multiplied with, to get the attribute's unit.
        offset: what is added then.
        by: further labels that series are kept apart by; of their values the largest counts.
        where: a further condition of the filter.
        per: what values are divided by: a limit of the entity, or another attribute of it.
        outcomes: for counts of requests, which give their rate, their number and the shares that failed.
    """

    type: str
    attribute: str
    key: str
    aligner: str = "ALIGN_MEAN"
    reducer: str = "REDUCE_MAX"
    scale: float = 1.0
    offset: float = 0.0
    by: tuple[str, ...] = ()
    where: str = ""
    per: str = ""
    outcomes: Outcomes | None = field(default=None)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that series are kept apart by, as the API names them: ``resource.label.database_id``."""
        told = [name for _, name, _, _ in string.Formatter().parse(self.key) if name]
        told += [*self.by, *([self.outcomes.label] if self.outcomes else [])]
        return tuple(name.replace(".", ".label.", 1) for name in told)

    @property
    def filter(self) -> str:
        """The filter of the API."""
        return f'metric.type = "{self.type}"' + (f" AND {self.where}" if self.where else "")

    def key_of(self, metric: Mapping[str, str], resource: Mapping[str, str]) -> str:
        """The key of the entity that a series is of; empty when it lacks a label."""
        try:
            return self.key.format(metric=SimpleNamespace(**metric), resource=SimpleNamespace(**resource))
        except AttributeError:
            return ""

    def converted(self, value: float) -> float:
        """A value in the attribute's unit."""
        return value * self.scale + self.offset


def percentile(type: str, attribute: str, key: str, scale: float, where: str = "") -> Metric:
    """The 95th percentile of a distribution over all series of an entity."""
    return Metric(type, attribute, key, "ALIGN_DELTA", "REDUCE_PERCENTILE_95", scale, where=where)


def rate(type: str, attribute: str, key: str, scale: float = 1.0, by: Sequence[str] = ()) -> Metric:
    """How fast a counter of an entity rises, by second, over all its series."""
    return Metric(type, attribute, key, "ALIGN_RATE", "REDUCE_SUM", scale, by=tuple(by))


def requests(type: str, key: str, outcomes: Outcomes) -> Metric:
    """Requests by how they ended."""
    return Metric(type, "request_rate", key, "ALIGN_RATE", "REDUCE_SUM", outcomes=outcomes)
