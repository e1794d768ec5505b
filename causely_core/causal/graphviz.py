"""A picture in Graphviz' DOT language (https://graphviz.org/doc/info/lang.html)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from causely_core.causal.picture import CAUSE, STATE, SYMPTOM, Picture

_SHAPES = {CAUSE: "box, style=filled, fillcolor=lightsalmon", STATE: "ellipse, style=dashed", SYMPTOM: "ellipse"}
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "&": "&amp;"})


def dot(picture: Picture) -> str:
    """``picture`` as one digraph, a cluster for each entity type."""
    return "\n".join(_lines(picture)) + "\n"


def quoted(text: str) -> str:
    """``text`` as a quoted label; backslashes and entities would else be interpreted, and no label holds controls."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return f'"{plain.translate(_ESCAPES)}"'


def _lines(picture: Picture) -> Iterator[str]:
    ids = {each: f"n{number}" for number, each in enumerate(picture.dots)}
    yield "digraph causely {"
    yield "  rankdir=LR;"
    for number, (entity_type, dots) in enumerate(groupby(picture.dots, lambda each: each.entity_type)):
        yield f"  subgraph cluster_{number} {{"
        yield f"    label={quoted('any type' if entity_type == '*' else entity_type)};"
        yield from (f"    {ids[each]} [label={quoted(each.name)}, shape={_SHAPES[each.kind]}];" for each in dots)
        yield "  }"
    for line in picture.lines:
        yield f"  {ids[line.tail]} -> {ids[line.head]} [label={quoted(line.label)}];"
    yield "}"
