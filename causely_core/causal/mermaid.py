"""A picture as a Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from causely_core.causal.picture import CAUSE, STATE, SYMPTOM, Picture

_SHAPES = {CAUSE: ("[", "]:::cause"), STATE: ("(", "):::state"), SYMPTOM: ("([", "])")}
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-., ")


def mermaid(picture: Picture) -> str:
    """``picture`` as one flowchart, a subgraph for each entity type."""
    return "\n".join(_lines(picture)) + "\n"


def quoted(text: str) -> str:
    """``text`` as a quoted label; all but letters and digits as Mermaid's character codes, no label holds controls."""
    plain = (letter if letter.isprintable() else " " for letter in text)
    return '"' + "".join(letter if letter in _PLAIN else f"#{ord(letter)};" for letter in plain) + '"'


def _lines(picture: Picture) -> Iterator[str]:
    ids = {each: f"n{number}" for number, each in enumerate(picture.dots)}
    yield "flowchart LR"
    for number, (entity_type, dots) in enumerate(groupby(picture.dots, lambda each: each.entity_type)):
        yield f"  subgraph t{number}[{quoted('any type' if entity_type == '*' else entity_type)}]"
        for each in dots:
            opened, closed = _SHAPES[each.kind]
            yield f"    {ids[each]}{opened}{quoted(each.name)}{closed}"
        yield "  end"
    for line in picture.lines:
        yield f"  {ids[line.tail]} -->|{quoted(line.label)}| {ids[line.head]}"
    yield "  classDef cause fill:#ffa07a"
    yield "  classDef state stroke-dasharray: 4"
