"""Reading OTLP attributes: from serialized ``KeyValue`` bytes, or from messages, to plain values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from google.protobuf.message import DecodeError
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

from causely_core.traffic.naming import clean

Value: TypeAlias = str | int | float | bool
Attributes: TypeAlias = dict[str, Value]


def key_of(attribute: bytes) -> bytes:
    """The key of a serialized ``KeyValue``; empty when it is malformed.

    Serializers write the key first and in less than 128 bytes; anything else takes the long way.
    """
    if attribute[:1] == b"\n" and len(attribute) > 1 and attribute[1] < 128:
        return attribute[2 : 2 + attribute[1]]
    return _parsed(attribute).key.encode()


def decode(attributes: Iterable[bytes]) -> Attributes:
    """Plain values of serialized ``KeyValue`` messages; lists, maps and malformed ones are left out.

    Sorted first, so that of a repeated key the same value wins whatever the order.
    """
    return plain(map(_parsed, sorted(attributes)))


def plain(attributes: Iterable[KeyValue]) -> Attributes:
    """Plain values of ``KeyValue`` messages; lists and maps are left out."""
    pairs = ((attribute.key, _value(attribute.value)) for attribute in attributes)
    return {key: value for key, value in pairs if value is not None}


def text(attributes: Attributes, keys: Iterable[str]) -> str:
    """The first value present under ``keys`` as a string, cut to a length that names fit in; empty without one."""
    for key in keys:
        value = attributes.get(key)
        if value is not None and value != "":
            return clean(str(value))
    return ""


def number(attributes: Attributes, keys: Iterable[str]) -> int:
    """The first value present under ``keys`` as an integer; 0 without one or when it is none."""
    found = text(attributes, keys)
    return int(found) if found.isascii() and found.isdecimal() and len(found) < 10 else 0


def _parsed(attribute: bytes) -> KeyValue:
    try:
        return KeyValue.FromString(attribute)
    except DecodeError:
        return KeyValue()


def _value(value: AnyValue) -> Value | None:
    kind = value.WhichOneof("value")
    if kind in ("string_value", "int_value", "double_value", "bool_value"):
        found: Value = getattr(value, kind)
        return found
    return None
