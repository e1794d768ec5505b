"""JSON bodies: what they stand for, and that anything else is a bad payload."""

import json
from contextlib import suppress

import pytest
from causely_plugin_otlp.errors import BadPayload, UnknownType
from causely_plugin_otlp.servers.codecs import codec_of
from google.protobuf.json_format import MessageToDict
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from ..builders import part, request, span

JSON = codec_of("application/json")
KEYS = [
    "resourceSpans", "scopeSpans", "spans", "resource", "attributes", "key", "value", "kind", "traceId", "spanId",
    "startTimeUnixNano", "flags", "intValue", "doubleValue", "stringValue", "bytesValue", "arrayValue", "values",
    "status", "code", "links", "events", "unknown",
]  # fmt: skip
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.just(10**400)
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
)


def in_spans(value):
    """A value in the place of a span, where most fields are."""
    return {"resourceSpans": [{"scopeSpans": [{"spans": [value]}]}]}


@given(ANYTHING | ANYTHING.map(in_spans))
async def test_any_json_is_a_request_or_a_bad_payload(value):
    with suppress(BadPayload):
        serialized = await JSON.request(json.dumps(value).encode(), ExportTraceServiceRequest)
        ExportTraceServiceRequest.FromString(serialized)


@pytest.mark.parametrize("body", [b"[" * 1000, b'{"resourceSpans": "' + b"x" * 10_000 + b'"}', b'{"\n":', b"\xff"])
async def test_a_bad_payload_is_one_short_line(body):
    with pytest.raises(BadPayload, match=r"^not an ExportTraceServiceRequest in JSON: ") as raised:
        await JSON.request(body, ExportTraceServiceRequest)
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 300


ATTRIBUTES = st.dictionaries(
    st.text(min_size=1, max_size=9),
    st.text(max_size=9)
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.lists(st.text(max_size=3), max_size=3),
    max_size=4,
)
SPANS = st.builds(
    span,
    st.integers(0, 5),
    ATTRIBUTES,
    name=st.text(max_size=9),
    id=st.binary(min_size=8, max_size=8),
    parent=st.binary(min_size=8, max_size=8) | st.just(b""),
)


def in_json(message, **options):
    """As the specification writes it: ids in hexadecimal."""
    fields = MessageToDict(message, **options)
    for scope in fields["resourceSpans"][0]["scopeSpans"]:
        for told, meant in zip(scope.get("spans", []), message.resource_spans[0].scope_spans[0].spans, strict=True):
            told.update(traceId=meant.trace_id.hex(), spanId=meant.span_id.hex().upper())
            if meant.parent_span_id:
                told["parentSpanId"] = meant.parent_span_id.hex()
    return json.dumps(fields).encode()


@pytest.mark.parametrize("use_integers_for_enums", [True, False])
@given(st.lists(SPANS, min_size=1, max_size=3))
async def test_json_stands_for_the_same_as_protobuf(use_integers_for_enums, spans):
    meant = request(part("cart", *spans))
    body = in_json(meant, use_integers_for_enums=use_integers_for_enums)
    assert ExportTraceServiceRequest.FromString(await JSON.request(body, ExportTraceServiceRequest)) == meant


@pytest.mark.parametrize("spoken", ["application/json", "Application/JSON; charset=utf-8", " application/protobuf"])
def test_content_types_may_be_written_in_several_ways(spoken):
    assert codec_of(spoken).content_type in ("application/json", "application/x-protobuf")


def test_an_unknown_content_type_says_what_is_known():
    with pytest.raises(UnknownType, match="'text/plain' is not known; expected application/x-protobuf or"):
        codec_of("text/plain")
