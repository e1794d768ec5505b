"""The lean messages read what the full ones read."""

import pytest
from causely_plugin_otlp.lean import parse
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import InstrumentationScope
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

from .builders import key_values

ATTRIBUTES = st.dictionaries(st.text(max_size=9), st.one_of(st.text(max_size=9), st.integers(0, 9)), max_size=3)
TIMES = st.integers(0, 2**64 - 1)
IDS = st.binary(max_size=17)
SPANS = st.builds(
    Span,
    trace_id=IDS,
    span_id=IDS,
    parent_span_id=IDS,
    trace_state=st.text(max_size=9),
    flags=st.integers(0, 2**32 - 1),
    name=st.text(max_size=20),
    kind=st.integers(-(2**31), 2**31 - 1),
    start_time_unix_nano=TIMES,
    end_time_unix_nano=TIMES,
    attributes=ATTRIBUTES.map(key_values),
    dropped_attributes_count=st.integers(0, 9),
    events=st.lists(
        st.builds(Span.Event, time_unix_nano=TIMES, name=st.text(), attributes=ATTRIBUTES.map(key_values)), max_size=2
    ),
    links=st.lists(st.builds(Span.Link, trace_id=IDS, span_id=IDS), max_size=2),
    status=st.one_of(st.none(), st.builds(Status, code=st.integers(0, 2), message=st.text(max_size=9))),
)
SCOPES = st.builds(
    ScopeSpans,
    scope=st.builds(InstrumentationScope, name=st.text(max_size=9)),
    spans=st.lists(SPANS, max_size=3),
    schema_url=st.text(max_size=9),
)
RESOURCES = st.builds(
    ResourceSpans,
    resource=st.builds(Resource, attributes=ATTRIBUTES.map(key_values)),
    scope_spans=st.lists(SCOPES, max_size=2),
    schema_url=st.text(max_size=9),
)
REQUESTS = st.builds(ExportTraceServiceRequest, resource_spans=st.lists(RESOURCES, max_size=2))


def same(lean, full):
    names = ("trace_id", "span_id", "parent_span_id", "kind")
    assert [getattr(lean, name) for name in names] == [getattr(full, name) for name in names]
    assert (lean.start, lean.end) == (full.start_time_unix_nano, full.end_time_unix_nano)
    assert lean.name == full.name.encode()
    assert lean.status == full.status.SerializeToString()
    for field in ("attributes", "events", "links"):
        assert list(getattr(lean, field)) == [each.SerializeToString() for each in getattr(full, field)]


@given(REQUESTS)
def test_it_agrees_with_the_full_message(request):
    told = parse(request.SerializeToString()).resource_spans
    for lean, full in zip(told, request.resource_spans, strict=True):
        assert Resource.FromString(lean.resource) == full.resource
        for lean_scope, full_scope in zip(lean.scope_spans, full.scope_spans, strict=True):
            for lean_span, full_span in zip(lean_scope.spans, full_scope.spans, strict=True):
                same(lean_span, full_span)


@given(st.binary(max_size=200))
def test_what_the_full_message_reads_it_reads_and_the_rest_is_a_decode_error(data):
    try:
        parse(data)
    except DecodeError:
        with pytest.raises(DecodeError):
            ExportTraceServiceRequest.FromString(data)


def test_no_bytes_are_a_request_of_nothing():
    assert len(parse(b"").resource_spans) == 0
