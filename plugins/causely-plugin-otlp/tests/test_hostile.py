"""Input that nobody sends by mistake: it is refused or counted, and never breaks anything."""

import math

import pytest
from causely_plugin_otlp.errors import BadPayload
from causely_plugin_otlp.signals import Signal
from hypothesis import example, given
from hypothesis import strategies as st
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans

from .builders import (
    GET,
    NOW,
    World,
    client,
    consumer,
    exception,
    failure,
    links,
    new_id,
    part,
    producer,
    request,
    server,
    span_id,
)

QUEUE = {"messaging.system": "rabbitmq", "messaging.destination.name": "mails"}
VALID = request(
    part(
        {"service.name": "shop", "k8s.pod.name": "shop-1", "host.name": "h"},
        server({**GET, "http.route": "/a"}, id=span_id(1), parent=span_id(9)),
        client(
            {**GET, "url.full": "http://cart/a"}, id=span_id(2), status=failure("refused"), events=[exception(type="E")]
        ),
        client({"db.system": "mysql", "db.statement": "select 1", "net.peer.name": "db"}, name="q"),
        producer(QUEUE, id=span_id(3)),
        consumer(QUEUE, parent=span_id(3), links=links(span_id(3))),
    )
).SerializeToString()


def swallow(data, signal=Signal.TRACES):
    """Fold bytes of any kind and flush; nothing but a bad payload may be raised."""
    world = World.of(pairing_wait=1.0)
    try:
        world.pipeline.fold(signal, data, NOW)
    except BadPayload:
        return
    assert all(math.isfinite(value) for value in world.flush().all.values())


@given(st.binary(max_size=400), st.sampled_from(Signal))
def test_random_bytes_are_a_bad_payload_at_worst(data, signal):
    swallow(data, signal)


CHANGES = st.lists(st.tuples(st.integers(0, len(VALID) - 1), st.integers(0, 255)), min_size=1, max_size=8)


@given(CHANGES)
def test_requests_with_changed_bytes_are_bad_payloads_at_worst(changes):
    data = bytearray(VALID)
    for at, byte in changes:
        data[at] = byte
    swallow(bytes(data))


@given(st.integers(0, len(VALID)), st.integers(0, len(VALID)), st.binary(max_size=20))
@example(0, 0, VALID)
def test_requests_with_parts_cut_out_and_put_in_are_bad_payloads_at_worst(start, end, inserted):
    swallow(VALID[:start] + inserted + VALID[end:])


@pytest.mark.parametrize(
    ("field", "value"), [("trace_id", b""), ("span_id", b""), ("span_id", b"x" * 9), ("trace_id", b"x" * 8)]
)
def test_spans_without_valid_ids_are_rejected_with_a_reason(field, value):
    world, bad = World.of(), server(GET)
    setattr(bad, field, value)
    outcome = world.tell("cart", bad, server(GET), bad)
    assert (outcome.accepted, outcome.rejected.total()) == (1, 2)
    assert outcome.message == "2 rejected: trace_id must have 16 bytes and span_id 8"
    assert world.flush().get("Service:cart", "request_count") == 1


def test_a_malformed_resource_rejects_its_spans_and_no_others():
    world = World.of()
    good = request(part("cart", server(GET))).SerializeToString()
    spans = part("x", server(GET), server(GET))
    spans.ClearField("resource")
    body = b"\x0a\x02\x0a\xff" + spans.SerializeToString()
    bad = b"\x0a" + bytes([len(body) & 127 | 128, len(body) >> 7]) + body
    outcome = world.fold(bad + good)
    assert (outcome.accepted, dict(outcome.rejected)) == (1, {"malformed resource": 2})


def test_no_resource_is_the_unknown_service():
    world = World.of()
    spans = ResourceSpans(scope_spans=part("x", server(GET)).scope_spans)
    assert world.fold(request(spans).SerializeToString()).accepted == 1
    world.flush()
    assert world.of_type("Service") == {"Service:unknown_service"}


def test_cyclic_parents_end():
    world, (one, other) = World.of(), (new_id(), new_id())
    for _ in range(3):
        world.tell("cart", server(GET, id=one, parent=one), client(GET, id=one, parent=one))
        world.tell("cart", server(GET, id=one, parent=other), client(GET, id=other, parent=one))
        world.tell("shop", server(GET, id=other, parent=one), client(GET, id=one, parent=other))
        values = world.flush()
    assert values.get("Service:cart", "request_count") == 2
    assert all(relation.split()[0] != relation.split()[2] for relation in world.relations)


@pytest.mark.parametrize("hours", [-48, -3, 3, 48])
def test_clocks_hours_apart_change_no_duration_and_no_pairing(hours):
    world, id = World.of(), new_id()
    world.tell("shop", client(GET, id=id, seconds=0.2, start=NOW + hours * 3600))
    world.tell("cart", server(GET, parent=id, seconds=0.1))
    values = world.flush()
    assert values.get("Dependency:shop > Service:cart", "request_duration.avg") == pytest.approx(0.2)
    assert values.get("Service:cart", "request_duration.avg") == pytest.approx(0.1)
    assert "Service:cart" in world.entities


@pytest.mark.parametrize(("start", "end"), [(10**18, 10**18 - 1), (0, 10**18), (10**18, 0), (0, 0), (2**64 - 1, 1)])
def test_times_that_make_no_sense_are_no_time(start, end):
    world, odd = World.of(), server(GET)
    odd.start_time_unix_nano, odd.end_time_unix_nano = start, end
    assert world.tell("cart", odd).accepted == 1
    values = world.flush()
    assert values.get("Service:cart", "request_count") == 1
    assert values.get("Service:cart", "request_duration.avg") == 0.0


def test_a_service_that_calls_itself_at_a_known_address_is_no_edge():
    world, at_cart = World.of(), {**GET, "server.address": "cart.example.com"}
    for _ in range(3):
        id = new_id()
        world.tell("cart", client(at_cart, id=id), server(GET, parent=id))
        world.flush()
    assert not any(" calls " in relation for relation in world.relations)


def test_the_same_request_twice_is_counted_twice_and_paired_once():
    world = World.of()
    for _ in range(2):
        world.fold(VALID)
    values = world.flush()
    assert values.get("Service:shop", "request_count") == 2
    assert world.of_type("Service") == {"Service:shop"}
