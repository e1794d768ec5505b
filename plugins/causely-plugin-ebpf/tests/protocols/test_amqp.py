from __future__ import annotations

import struct

import pytest
from causely_plugin_ebpf.protocols import Outcome, dialogue

from .talk import ANSWER, ASK, STEP, operations, play


def method(name: tuple[int, int], arguments: bytes = b"", channel: int = 1) -> bytes:
    body = struct.pack(">HH", *name) + arguments
    return struct.pack(">BHI", 1, channel, len(body)) + body + b"\xce"


def short(name: bytes) -> bytes:
    return bytes([len(name)]) + name


def publish(exchange: bytes, key: bytes) -> bytes:
    header = b"\2\0\1\0\0\0\x0e\0\x3c\0\0" + b"\0" * 7 + b"\5\0\0\xce"
    return method((60, 40), b"\0\0" + short(exchange) + short(key) + b"\0") + header + b"\3\0\1\0\0\0\5hello\xce"


def ack(tag: int, multiple: int = 0, name: int = 80) -> bytes:
    return method((60, name), struct.pack(">QB", tag, multiple))


CONFIRM = (ASK, method((85, 10), b"\0"))
GREETING = (ASK, b"AMQP\0\0\x09\x01")


def amqp():
    return dialogue("amqp")


def test_publishing_without_confirmation_is_told_at_once():
    told = play(amqp(), [GREETING, (ASK, publish(b"", b"orders")), (ASK, publish(b"shop", b"secret"))])

    assert operations(told) == [("publish orders", ""), ("publish shop", "")]
    assert {(e.access, e.ended - e.started) for e in told} == {("write", 0)}


def test_a_confirmation_ends_all_that_it_covers():
    talk = [CONFIRM, (ASK, publish(b"shop", b"k") * 3), (ANSWER, ack(2, multiple=1)), (ANSWER, ack(3, name=120))]

    told = play(amqp(), talk)

    assert [(e.status, e.ended - e.started) for e in told] == [("", STEP), ("", STEP), ("nack", 2 * STEP)]
    assert told[-1].outcome == Outcome.FAILED


def test_deliveries_are_told_by_the_queue_of_their_consumer():
    named = method((60, 20), b"\0\0" + short(b"orders") + short(b"tag") + b"\0" * 5)
    unnamed = method((60, 20), b"\0\0" + short(b"bills") + short(b"") + b"\0" * 5)
    given = method((60, 21), short(b"made-up"))
    delivered = b"".join(
        method((60, 60), short(tag) + b"\0" * 9 + short(b"x") + short(b"secret")) for tag in (b"tag", b"made-up", b"?")
    )

    told = play(amqp(), [(ASK, named + unnamed), (ANSWER, given), (ANSWER, delivered)])

    assert operations(told) == [("deliver orders", ""), ("deliver bills", ""), ("deliver {other}", "")]


def test_a_get_ends_with_its_answer():
    asked = method((60, 70), b"\0\0" + short(b"orders") + b"\0")

    (exchange,) = play(amqp(), [(ASK, asked), (ANSWER, method((60, 72), b"\0"))])

    assert (exchange.operation, exchange.access, exchange.ended - exchange.started) == ("get orders", "read", STEP)


def test_queues_made_up_for_one_client_are_not_named():
    assert operations(play(amqp(), [(ASK, publish(b"", b"amq.gen-JzTY20BRgKO3pAjqT7dXgw"))])) == [
        ("publish {other}", "")
    ]


@pytest.mark.parametrize(("code", "outcome"), [(404, Outcome.OK), (403, Outcome.UNAUTHORIZED), (541, Outcome.FAILED)])
def test_a_channel_that_the_server_closes_ends_what_waits_on_it(code, outcome):
    closed = method((20, 40), struct.pack(">H", code) + short(b"secret") + b"\0\x3c\0\x28")

    (exchange,) = play(amqp(), [CONFIRM, (ASK, publish(b"shop", b"k")), (ANSWER, closed)])

    assert (exchange.operation, exchange.status, exchange.outcome) == ("publish shop", str(code), outcome)


def test_a_blocked_connection_is_throttling():
    assert [e.outcome for e in play(amqp(), [(ANSWER, method((10, 60), short(b"memory"), 0))])] == [Outcome.THROTTLED]
