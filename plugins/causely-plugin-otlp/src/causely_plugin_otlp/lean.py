"""A trace request with only the fields that are read, as few Python objects as possible.

The messages of opentelemetry-proto make every attribute of every span an object; most are never looked at.
These are wire-compatible with opentelemetry/proto/collector/trace/v1/trace_service.proto (same numbers), but
leave resources, attributes, events, links and status as bytes, and other fields undeclared. Parsing takes a
third of the time, and an attribute costs one ``bytes``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, cast

from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass


class Span(Protocol):
    """A span; times in nanoseconds since the epoch, all ``bytes`` but the ids are serialized messages."""

    trace_id: bytes
    span_id: bytes
    parent_span_id: bytes
    name: bytes
    kind: int
    start: int
    end: int
    attributes: Sequence[bytes]
    events: Sequence[bytes]
    links: Sequence[bytes]
    status: bytes


class ScopeSpans(Protocol):
    """The spans of one instrumentation scope."""

    spans: Sequence[Span]


class ResourceSpans(Protocol):
    """The spans of one resource; ``resource`` is the serialized message."""

    resource: bytes
    scope_spans: Sequence[ScopeSpans]


class TraceRequest(Protocol):
    """An ``ExportTraceServiceRequest``."""

    resource_spans: Sequence[ResourceSpans]


class _TraceRequests(Protocol):
    def FromString(self, data: bytes, /) -> TraceRequest: ...


ID_BYTES = 8
"""Length of a span id; what is shorter or longer is none."""

_BYTES = FieldDescriptorProto.TYPE_BYTES
_MESSAGES: dict[str, tuple[tuple[str, int, FieldDescriptorProto.Type.ValueType | str, bool], ...]] = {
    "Span": (
        ("trace_id", 1, _BYTES, False),
        ("span_id", 2, _BYTES, False),
        ("parent_span_id", 4, _BYTES, False),
        ("name", 5, _BYTES, False),
        ("kind", 6, FieldDescriptorProto.TYPE_INT32, False),
        ("start", 7, FieldDescriptorProto.TYPE_FIXED64, False),
        ("end", 8, FieldDescriptorProto.TYPE_FIXED64, False),
        ("attributes", 9, _BYTES, True),
        ("events", 11, _BYTES, True),
        ("links", 13, _BYTES, True),
        ("status", 15, _BYTES, False),
    ),
    "ScopeSpans": (("spans", 2, "Span", True),),
    "ResourceSpans": (("resource", 1, _BYTES, False), ("scope_spans", 2, "ScopeSpans", True)),
    "TraceRequest": (("resource_spans", 1, "ResourceSpans", True),),
}
_PACKAGE = "causely.plugin.otlp.lean"


def _build() -> _TraceRequests:
    file = FileDescriptorProto(name="lean.proto", package=_PACKAGE, syntax="proto2")
    for message, fields in _MESSAGES.items():
        declared = file.message_type.add(name=message)
        for name, number, kind, repeated in fields:
            label = FieldDescriptorProto.LABEL_REPEATED if repeated else FieldDescriptorProto.LABEL_OPTIONAL
            field = declared.field.add(name=name, number=number, label=label)
            if isinstance(kind, str):
                field.type, field.type_name = FieldDescriptorProto.TYPE_MESSAGE, f".{_PACKAGE}.{kind}"
            else:
                field.type = kind
    pool = DescriptorPool()
    pool.Add(file)
    return cast(_TraceRequests, GetMessageClass(pool.FindMessageTypeByName(f"{_PACKAGE}.TraceRequest")))


parse = _build().FromString
"""Parse a serialized ``ExportTraceServiceRequest``; raises protobuf's ``DecodeError``."""
