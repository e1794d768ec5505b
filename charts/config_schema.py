"""JSON schemas of sections of the configuration file, from the attrs classes that read them."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import attrs

Schema = dict[str, Any]

_SIMPLE: dict[Any, Schema] = {
    str: {"type": "string"},
    Path: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    typing.Any: {},
}
_BOUNDS = {">": "exclusiveMinimum", ">=": "minimum", "<": "exclusiveMaximum", "<=": "maximum"}


def section(cls: type) -> Schema:
    """What a section of ``cls`` may hold: the names of its attributes and nothing else."""
    hints = typing.get_type_hints(cls)
    found = {each.name: {**_of(hints[each.name]), **_bounds(each.validator)} for each in attrs.fields(cls)}
    return {"type": "object", "additionalProperties": False, "properties": found}


def _of(kind: Any) -> Schema:
    origin, inside = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        [given] = [each for each in inside if each is not type(None)]
        return _or_null(_of(given))
    if origin is list:
        return {"type": "array", "items": _of(inside[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": _of(inside[1])}
    if attrs.has(kind):
        return section(kind)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {"enum": [str(each) for each in kind]}
    return _SIMPLE[kind]


def _or_null(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def _bounds(validator: Any) -> Schema:
    """Limits that validators of numbers set, and choices."""
    found: Schema = {}
    for each in _parts(validator):
        if compare := getattr(each, "compare_op", None):
            found[_BOUNDS[compare]] = each.bound
        elif options := getattr(each, "options", None):
            found["enum"] = sorted(options)
    return found


def _parts(validator: Any) -> Iterator[Any]:
    inside = getattr(validator, "_validators", None)
    if inside is None:
        yield validator
    else:
        for each in inside:
            yield from _parts(each)
