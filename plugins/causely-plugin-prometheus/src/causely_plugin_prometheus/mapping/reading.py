"""Mappings written in YAML; README.md describes the language."""

from __future__ import annotations

import re
from collections.abc import Mapping

from attrs import evolve

from causely_core.model import EntityType, RelationType
from causely_plugin_prometheus.mapping.alert_rule import ALERT_SEVERITY, FIRING, SEVERITIES, AlertRule
from causely_plugin_prometheus.mapping.mapping_file import MappingFile
from causely_plugin_prometheus.mapping.node import Node, read
from causely_plugin_prometheus.mapping.rule import UNITS, Link, Rule
from causely_plugin_prometheus.mapping.template import Template

_OPTIONAL = ("name", "attributes", "relations", "observe", "unit", "scale", "absent")
_OF_ALERTS = ("name", "attributes", "relations", "observe", "value", "severities", "severity_label")
_VALUED = ("unit", "scale", "absent")
_NAME = re.compile(r"[A-Za-z][\w.-]*")
_ATTRIBUTE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
_DIRECTIONS = ("forward", "inverse")


def parse_mapping(text: str, origin: str) -> MappingFile:
    """The mapping in a YAML text.

    Args:
        text: the file's contents.
        origin: the file's name, for complaints.

    Raises:
        MappingError: something is wrong; one line says where, what, and what would be right.
    """
    node = read(text, origin)
    fields = node.fields((), ("rules", "alerts", "metrics"))
    if not {"rules", "alerts"} & fields.keys():
        raise node.wrong("'rules' is missing, and so is 'alerts'")
    return MappingFile(
        origin,
        tuple(item.text() for item in _items(fields, "metrics")),
        tuple(_rule(item) for item in _items(fields, "rules")),
        tuple(_alert(item) for item in _items(fields, "alerts")),
    )


def _items(fields: Mapping[str, Node], key: str) -> list[Node]:
    return fields[key].some() if key in fields else []


def _rule(node: Node) -> Rule:
    fields = node.fields(("query", "entity", "id"), _OPTIONAL)
    for key in _VALUED:
        if key in fields and "observe" not in fields:
            raise fields[key].wrong(f"{key!r} without 'observe'; say which attribute the value is of")
    scale = _scale(fields)
    absent = fields["absent"].number() * scale if "absent" in fields else None
    told = _told(fields, fields["query"].text(), node.place)
    return evolve(told, scale=scale, absent=absent)


def _alert(node: Node) -> AlertRule:
    fields = node.fields(("alert", "entity", "id"), _OF_ALERTS)
    if "value" in fields and "severities" in fields:
        raise fields["value"].wrong("expected 'value' or 'severities', found both")
    told = evolve(_told(fields, FIRING, node.place), absent=0.0)
    return AlertRule(
        _pattern(fields["alert"]),
        told if told.observe else evolve(told, observe=ALERT_SEVERITY),
        fields["value"].number() if "value" in fields else None,
        fields["severity_label"].text() if "severity_label" in fields else "severity",
        {key: each.number() for key, each in fields["severities"].mapping().items()}
        if "severities" in fields
        else SEVERITIES,
    )


def _pattern(node: Node) -> re.Pattern[str]:
    try:
        return re.compile(node.text())
    except re.error as problem:
        raise node.wrong(f"expected the name of an alert, or a pattern of names: {problem}") from problem


def _told(fields: Mapping[str, Node], query: str, place: str) -> Rule:
    """What rules of queries and of alerts say alike."""
    return Rule(
        query,
        _type(fields["entity"], EntityType),
        _key(fields["id"]),
        _template(fields["name"]) if "name" in fields else None,
        _templates(fields["attributes"]) if "attributes" in fields else {},
        tuple(_link(item) for item in _items(fields, "relations")),
        _attribute(fields["observe"]) if "observe" in fields else "",
        place=place,
    )


def _scale(fields: Mapping[str, Node]) -> float:
    if "scale" in fields and "unit" in fields:
        raise fields["scale"].wrong("expected 'unit' or 'scale', found both")
    if "unit" in fields:
        return UNITS[fields["unit"].choice(UNITS)]
    return fields["scale"].number() if "scale" in fields else 1.0


def _link(node: Node) -> Link:
    fields = node.fields(("type", "to", "id"), ("direction",))
    return Link(
        _type(fields["type"], RelationType),
        _type(fields["to"], EntityType),
        _key(fields["id"]),
        "direction" in fields and fields["direction"].choice(_DIRECTIONS) == "inverse",
    )


def _key(node: Node) -> Template:
    """Of several the first counts of which a series has all labels."""
    key: Template | None = None
    for each in reversed(node.one_or_more()):
        key = evolve(_template(each), otherwise=key)
    assert key is not None
    return key


def _template(node: Node) -> Template:
    try:
        return Template.of(node.text())
    except ValueError as problem:
        raise node.wrong(str(problem)) from problem


def _templates(node: Node) -> dict[str, Template]:
    return {key: _template(each) for key, each in node.mapping().items()}


def _type(node: Node, known: type[EntityType] | type[RelationType]) -> str:
    """One of the core's types, or a name of one's own that is not nearly one of them."""
    text = node.text()
    if not _NAME.fullmatch(text):
        raise node.wrong(f"expected a name of letters, digits, '_', '-' and '.', found {text!r}")
    for each in known:
        if text != each and text.lower().replace("_", "") == each.lower().replace("_", ""):
            raise node.wrong(f"{text!r} is not known, did you mean {str(each)!r}?")
    return text


def _attribute(node: Node) -> str:
    text = node.text()
    if not _ATTRIBUTE.fullmatch(text):
        raise node.wrong(f"expected an attribute such as request_duration.p95, found {text!r}")
    return text
