from __future__ import annotations

from concurrent import futures

import grpc
import pytest
from causely_plugin_ebpf.protocols import Outcome, dialogue, sniff
from hpack import Encoder

from .conversations import frame
from .recording import recording
from .talk import ANSWER, ASK, STEP, operations, play

GRPC = [("content-type", "application/grpc")]
CALL = [(":method", "POST"), (":scheme", "http"), (":path", "/shop.v1.Orders/Place"), *GRPC]
GET = [(":method", "GET"), (":scheme", "http"), (":path", "/users/42?q=secret"), ("cookie", "secret" * 100)]


class Handler(grpc.GenericRpcHandler):
    """Answers with the status that the method's name tells."""

    def service(self, details):
        name = details.method.rpartition("/")[2]
        if name == "Stream":
            return grpc.unary_stream_rpc_method_handler(lambda request, context: iter([request] * 3))
        return grpc.unary_unary_rpc_method_handler(lambda request, context: answer(name, request, context))


def answer(name, request, context):
    if hasattr(grpc.StatusCode, name):
        context.abort(getattr(grpc.StatusCode, name), "no")
    return request


@pytest.fixture(scope="module")
def port():
    server = grpc.server(futures.ThreadPoolExecutor(4))
    server.add_generic_rpc_handlers([Handler()])
    bound = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield bound
    server.stop(None)


def recorded(port, *methods):
    """What a real client and server said when these were called."""
    with recording(port) as tape, grpc.insecure_channel(f"127.0.0.1:{tape.port}") as channel:
        for method in methods:
            try:
                if method == "Stream":
                    list(channel.unary_stream(f"/shop.v1.Orders/{method}")(b"hi"))
                else:
                    channel.unary_unary(f"/shop.v1.Orders/{method}")(b"hi", timeout=10)
            except grpc.RpcError:
                pass
    return tape.segments


def test_real_calls_are_understood(port):
    segments = recorded(
        port, "Place", "INTERNAL", "Place", "RESOURCE_EXHAUSTED", "PERMISSION_DENIED", "Stream", "Place"
    )
    connection = dialogue("http2")

    told = [e for segment in segments for e in connection.feed(segment)]

    assert [(e.operation.rpartition("/")[2], e.status, e.outcome) for e in told] == [
        ("Place", "", Outcome.OK),
        ("INTERNAL", "13", Outcome.FAILED),
        ("Place", "", Outcome.OK),
        ("RESOURCE_EXHAUSTED", "8", Outcome.THROTTLED),
        ("PERMISSION_DENIED", "7", Outcome.UNAUTHORIZED),
        ("Stream", "", Outcome.OK),
        ("Place", "", Outcome.OK),
    ]
    assert {(e.system, e.operation.partition("/")[0]) for e in told} == {("grpc", "shop.v1.Orders")}
    assert any(sniff(s.head, s.to_server, 0) == "http2" for s in segments[:3])


def test_real_calls_are_understood_from_the_middle(port):
    segments = recorded(port, "Place", "Place", "NOT_FOUND", "Place")
    connection = dialogue("http2")

    told = [e for segment in segments[len(segments) // 2 :] for e in connection.feed(segment)]

    assert told
    assert {e.operation for e in told} <= {"shop.v1.Orders/Place", "shop.v1.Orders/NOT_FOUND", "{other}"}


def test_plain_http_is_told_as_such():
    client, server = Encoder(), Encoder()
    talk = [
        (ASK, frame(1, 5, 1, client.encode(GET))),
        (ANSWER, frame(1, 4, 1, server.encode([(":status", "503")])) + frame(0, 1, 1, b"sorry")),
        (ASK, frame(1, 5, 3, client.encode([(":method", "GET"), (":path", "/x")]))),
        (ANSWER, frame(1, 5, 3, server.encode([(":status", "200")]))),
    ]

    told = play(dialogue("http2"), talk, capture=4096)

    assert operations(told) == [("GET /users/{id}", "503"), ("GET /x", "200")]
    assert [(e.system, e.outcome) for e in told] == [("http", Outcome.FAILED), ("http", Outcome.OK)]


def test_a_block_that_is_cut_tells_what_is_there():
    client = Encoder()
    block = client.encode([*GET, ("x-last", "y")], huffman=False)
    talk = [(ASK, frame(1, 5, 1, block)), (ANSWER, frame(1, 5, 1, Encoder().encode([(":status", "200")])))]

    assert operations(play(dialogue("http2"), talk, capture=80)) == [("GET /users/{id}", "200")]


def test_a_block_may_be_spread_over_frames():
    block = Encoder().encode(CALL)
    spread = frame(1, 1, 1, block[:9]) + frame(9, 0, 1, block[9:20]) + frame(9, 4, 1, block[20:])
    trailers = frame(1, 5, 1, Encoder().encode([(":status", "200"), *GRPC, ("grpc-status", "14")]))

    (exchange,) = play(dialogue("http2"), [(ASK, spread), (ANSWER, trailers)])

    assert (exchange.operation, exchange.status) == ("shop.v1.Orders/Place", "14")


def test_padding_and_priority_are_left_out():
    block = Encoder().encode(CALL)
    padded = frame(1, 0x2D, 1, b"\3\0\0\0\0\7" + block + b"\0\0\0")
    talk = [(ASK, padded), (ANSWER, frame(1, 5, 1, Encoder().encode([("grpc-status", "0")])))]

    assert operations(play(dialogue("http2"), talk)) == [("shop.v1.Orders/Place", "")]


@pytest.mark.parametrize(
    ("code", "status", "outcome"),
    [(2, "13", Outcome.FAILED), (7, "14", Outcome.FAILED), (8, "1", Outcome.OK), (11, "8", Outcome.THROTTLED)],
)
def test_a_stream_that_the_server_resets_has_ended(code, status, outcome):
    talk = [(ASK, frame(1, 4, 1, Encoder().encode(CALL))), (ANSWER, frame(3, 0, 1, code.to_bytes(4, "big")))]

    (exchange,) = play(dialogue("http2"), talk)

    assert (exchange.status, exchange.outcome) == (status, outcome)


@pytest.mark.parametrize(("timeout", "status"), [("1m", "4"), ("5S", "1"), (None, "1")])
def test_a_call_that_the_client_gives_up_is_a_failure_only_when_it_is_late(timeout, status):
    headers = [*CALL, ("grpc-timeout", timeout)] if timeout else CALL
    talk = [(ASK, frame(1, 4, 1, Encoder().encode(headers))), (ASK, frame(3, 0, 1, b"\0\0\0\x08"))]

    (exchange,) = play(dialogue("http2"), talk)

    assert (exchange.status, exchange.ended - exchange.started) == (status, STEP)
    assert (exchange.outcome == Outcome.FAILED) is (status == "4")


def test_streams_that_a_server_goes_away_from_are_not_told():
    client = Encoder()
    asked = frame(1, 4, 1, client.encode(CALL)) + frame(1, 4, 3, client.encode(CALL))
    connection = dialogue("http2")
    play(connection, [(ASK, asked), (ANSWER, frame(7, 0, 0, b"\0\0\0\1\0\0\0\0"))])

    assert connection.pending == 1


def test_an_answer_whose_end_is_out_of_sight_ends_there():
    begun = frame(1, 4, 1, Encoder().encode([(":status", "200"), *GRPC])) + frame(0, 0, 1, b"x" * 1000)
    talk = [(ASK, frame(1, 5, 1, Encoder().encode(CALL))), (ANSWER, begun + frame(1, 5, 1, b"\x88"))]

    assert operations(play(dialogue("http2"), talk)) == [("shop.v1.Orders/Place", "")]
