"""Spans of OTLP in protobuf, one ``ResourceSpans`` at a time.

``TracesData`` and ``ExportTraceServiceRequest`` are the same on the wire: ``ResourceSpans`` under the number 1. Several
in a row are one, too, and the file exporter of the Collector only puts four bytes of length before each of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from google.protobuf.message import DecodeError
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span, Status

from causely_core.incidents.reading.conventions import Attributes
from causely_core.incidents.reading.otlp import MAX_MESSAGE, RESOURCE_KEYS, TOO_LARGE, Batch, keys_of, known_kind
from causely_core.incidents.reading.problem import IncidentError
from causely_core.incidents.reading.spans import CONSUMER, RawSpan

_RESOURCE_SPANS = b"\x0a"  # number 1, of a length
_LEAST_TAG = 8  # lower ones are of number 0, which no field has: a length that is put before a message
_LONGEST_VARINT = 5


def read_protobuf(file: BinaryIO, name: str) -> Iterator[Batch]:
    """Resources and their spans.

    Raises:
        IncidentError: the file, which is called ``name``, is no OTLP or is cut off.
    """
    number = 0
    while tag := file.read(1):
        if tag[0] < _LEAST_TAG:
            tag = file.read(4)[3:]
        where = f"{name}: ResourceSpans {number}"
        if tag != _RESOURCE_SPANS:
            raise IncidentError(f"{where}: not OTLP traces in protobuf: expected the tag 0a, got {tag.hex() or 'none'}")
        found = _message(file, where)
        yield dict(_texts(found.resource.attributes, RESOURCE_KEYS)), _spans(found)
        number += 1


def _message(file: BinaryIO, where: str) -> ResourceSpans:
    size = _varint(file)
    if size > MAX_MESSAGE:
        raise IncidentError(f"{where}: {TOO_LARGE}")
    body = file.read(size)
    if len(body) < size:
        raise IncidentError(f"{where}: cut off: expected {size} bytes, got {len(body)}")
    try:
        return ResourceSpans.FromString(body)
    except DecodeError as problem:
        raise IncidentError(f"{where}: not OTLP traces in protobuf: {problem}") from problem


def _varint(file: BinaryIO) -> int:
    """Seven bits a byte, the lowest first; one that does not end counts as too large."""
    size = 0
    for place in range(_LONGEST_VARINT):
        byte = file.read(1) or b"\x00"
        size |= (byte[0] & 0x7F) << 7 * place
        if byte[0] < 0x80:
            return size
    return MAX_MESSAGE + 1


def _spans(found: ResourceSpans) -> Iterator[RawSpan]:
    for scope in found.scope_spans:
        yield from map(_raw, scope.spans)


def _raw(span: Span) -> RawSpan:
    kind = known_kind(span.kind)
    origin = span.links[0] if kind == CONSUMER and span.links else None
    return RawSpan(
        span.trace_id,
        span.span_id,
        origin.trace_id if origin else span.trace_id,
        origin.span_id if origin else span.parent_span_id,
        kind,
        span.start_time_unix_nano,
        span.end_time_unix_nano,
        span.status.code == Status.STATUS_CODE_ERROR,
        _texts(span.attributes, keys_of(kind)),
    )


def _texts(attributes: Sequence[KeyValue], wanted: frozenset[str]) -> Attributes:
    return tuple((each.key, _text(each)) for each in attributes if each.key in wanted) if wanted else ()


def _text(attribute: KeyValue) -> str:
    return attribute.value.string_value or str(attribute.value.int_value or "")
