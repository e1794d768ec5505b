"""What the two encodings of OTLP have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from causely_core.incidents.reading.conventions import CLIENT_KEYS, SERVER_KEYS, SERVICE_NAME, SERVICE_NAMESPACE
from causely_core.incidents.reading.spans import CLIENT, CONSUMER, INTERNAL, RawSpan

MAX_MESSAGE = 2**30
"""Bytes of one message, decompressed: of one object of JSON, of one resource in protobuf."""
TOO_LARGE = f"more than {MAX_MESSAGE >> 20} MiB in one message; smaller ones would be right, such as JSON lines"
RESOURCE_KEYS = frozenset((SERVICE_NAME, *SERVICE_NAMESPACE))
_NO_KEYS: frozenset[str] = frozenset()

Batch: TypeAlias = tuple[Mapping[str, str], Iterator[RawSpan]]
"""The attributes of a resource that are read, and its spans."""


def known_kind(kind: int) -> int:
    """``Span.SpanKind``; unspecified for what is none."""
    return kind if 0 <= kind <= CONSUMER else 0


def keys_of(kind: int) -> frozenset[str]:
    """The attributes that are read off spans of a kind."""
    return CLIENT_KEYS if kind == CLIENT else _NO_KEYS if kind == INTERNAL else SERVER_KEYS
