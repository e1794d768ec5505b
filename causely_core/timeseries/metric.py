"""How a series is called in VictoriaMetrics, and back.

``request_duration.p95`` of an entity is ``causely_request_duration_p95{entity="..."}``; ``peer`` is added for
a call edge, ``attribute`` where the name cannot be turned back, and ``writer`` for the agent or mediator that wrote it:
a service that runs on two nodes is measured by two agents, whose samples must not mix.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping

from causely_core.model import EntityId, Series

PREFIX = "causely_"
_NOT_IN_NAMES = re.compile(r"[^a-zA-Z0-9_]")
_TEXT_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


def metric_name(attribute: str) -> str:
    """The metric that holds an attribute."""
    return PREFIX + _NOT_IN_NAMES.sub("_", attribute)


def text_labels(series: Series, writer: str = "") -> str:
    """The series as ``writer`` writes it, in the Prometheus text format up to the closing brace."""
    named = _labels(series) | ({"writer": writer} if writer else {})
    labels = ",".join(f'{name}="{value.translate(_TEXT_ESCAPES)}"' for name, value in named.items())
    return f"{metric_name(series.attribute)}{{{labels}}}"


def series_of(metric: Mapping[str, str]) -> Series:
    """The series of an exported metric's labels, whoever wrote it."""
    attribute = metric.get("attribute") or metric["__name__"].removeprefix(PREFIX)
    return Series(EntityId(metric.get("entity", "")), attribute, metric.get("peer", ""))


def selectors(entities: Collection[EntityId], attributes: Collection[str] | None) -> list[str]:
    """MetricsQL selectors, one an entity (and attribute)."""
    names = [f'__name__=~"{PREFIX}.+"']
    if attributes is not None:
        names = [f"__name__={quoted(metric_name(attribute))}" for attribute in sorted(set(attributes))]
    return [f"{{{name},entity={quoted(entity)}}}" for entity in sorted(set(entities)) for name in names]


def quoted(value: str) -> str:
    """A MetricsQL string; its escapes are Go's, of which JSON's are a part."""
    return json.dumps(value, ensure_ascii=False)


def _labels(series: Series) -> dict[str, str]:
    labels: dict[str, str] = {"entity": series.entity}
    if series.peer:
        labels["peer"] = series.peer
    if metric_name(series.attribute) != PREFIX + series.attribute:
        labels["attribute"] = series.attribute
    return labels
