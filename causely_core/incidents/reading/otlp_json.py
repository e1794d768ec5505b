"""Spans of OTLP in JSON: one object, or one a line as the file exporter of the Collector writes them.

JSON is protobuf's JSON mapping but for ids, which are hexadecimal.
Source: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from causely_core.incidents.reading.conventions import Attributes
from causely_core.incidents.reading.json_value import JsonValue
from causely_core.incidents.reading.otlp import MAX_MESSAGE, RESOURCE_KEYS, TOO_LARGE, Batch, keys_of, known_kind
from causely_core.incidents.reading.problem import IncidentError
from causely_core.incidents.reading.spans import CONSUMER, RawSpan

_ERROR = (Status.STATUS_CODE_ERROR, "STATUS_CODE_ERROR")
_NAMED = dict(Span.SpanKind.items())
_WRONG = (ValueError, TypeError, AttributeError, KeyError, OverflowError)
"""What comes of values that are not of the type expected."""


def read_json(file: BinaryIO, name: str) -> Iterator[Batch]:
    """Resources and their spans.

    Raises:
        IncidentError: the file, which is called ``name``, is no OTLP or is cut off.
    """
    for message in _messages(file, name):
        for resource in message.need("resourceSpans").items():
            yield _resource(resource), _spans(resource)


def _messages(file: BinaryIO, name: str) -> Iterator[JsonValue]:
    """One a line if the first line is one by itself, else one that goes over all lines."""
    first = _bounded(file.readline(MAX_MESSAGE + 1), name)
    try:
        message = json.loads(first)
    except (ValueError, RecursionError):
        yield JsonValue.parsed(_bounded(first + file.read(MAX_MESSAGE + 1 - len(first)), name), name)
        return
    yield JsonValue(message, f"{name}:1")
    number = 1
    while line := file.readline(MAX_MESSAGE + 1):
        number += 1
        if not line.isspace():
            yield JsonValue.parsed(_bounded(line, f"{name}:{number}"), f"{name}:{number}")


def _bounded(text: bytes, where: str) -> bytes:
    if len(text) > MAX_MESSAGE:
        raise IncidentError(f"{where}: {TOO_LARGE}")
    return text


def _resource(item: JsonValue) -> dict[str, str]:
    resource = item.get("resource")
    attributes = resource.get("attributes") if resource else None
    if attributes is None:
        return {}
    try:
        return dict(_texts(attributes.value, RESOURCE_KEYS))
    except _WRONG as problem:
        raise attributes.wrong("attributes of OTLP") from problem


def _spans(resource: JsonValue) -> Iterator[RawSpan]:
    scopes = resource.get("scopeSpans")
    for scope in scopes.items() if scopes else ():
        spans = scope.get("spans")
        for place, span in enumerate(spans.value if spans else ()):
            try:
                raw = _raw(span)
            except _WRONG as problem:
                raise IncidentError(f"{scope.where}: spans[{place}]: not a span of OTLP: {problem}") from problem
            yield raw


def _raw(span: dict[str, Any]) -> RawSpan:
    kind = span.get("kind", 0)
    kind = known_kind(_NAMED[kind] if isinstance(kind, str) else int(kind))
    trace, links = bytes.fromhex(span.get("traceId", "")), span.get("links")
    origin = links[0] if links and kind == CONSUMER else None
    return RawSpan(
        trace,
        bytes.fromhex(span.get("spanId", "")),
        bytes.fromhex(origin["traceId"]) if origin else trace,
        bytes.fromhex(origin["spanId"] if origin else span.get("parentSpanId", "")),
        kind,
        _nanos(span.get("startTimeUnixNano", 0)),
        _nanos(span.get("endTimeUnixNano", 0)),
        span.get("status", {}).get("code") in _ERROR,
        _texts(span.get("attributes", ()), keys_of(kind)),
    )


def _nanos(written: str | int) -> int:
    nanos = int(written)
    if not 0 <= nanos < 2**64:
        raise ValueError(f"expected nanoseconds since the epoch, got {written}")
    return nanos


def _texts(attributes: list[dict[str, Any]], wanted: frozenset[str]) -> Attributes:
    return tuple((each["key"], _text(each.get("value", {}))) for each in attributes if each["key"] in wanted)


def _text(value: dict[str, Any]) -> str:
    return str(value.get("stringValue") or value.get("intValue") or "")
