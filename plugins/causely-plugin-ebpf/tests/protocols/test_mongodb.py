from __future__ import annotations

import struct

import pytest
from causely_plugin_ebpf.protocols import Outcome, dialogue

from .talk import ANSWER, ASK, STEP, operations, play


def text(name: bytes, value: bytes) -> bytes:
    return b"\2" + name + b"\0" + struct.pack("<i", len(value) + 1) + value + b"\0"


def integer(name: bytes, value: int) -> bytes:
    return b"\x10" + name + b"\0" + struct.pack("<i", value)


def ok(value: float) -> bytes:
    return b"\1ok\0" + struct.pack("<d", value)


def document(*elements: bytes) -> bytes:
    body = b"".join(elements)
    return struct.pack("<i", len(body) + 5) + body + b"\0"


def message(id: int, to: int, *elements: bytes, flags: int = 0, code: int = 2013) -> bytes:
    body = struct.pack("<IB", flags, 0) + document(*elements)
    return struct.pack("<iiii", 16 + len(body), id, to, code) + body


def mongo():
    return dialogue("mongodb")


def test_a_cursor_is_told_by_its_collection():
    more = b"\x12getMore\0" + struct.pack("<q", 12345) + text(b"collection", b"orders") + text(b"$db", b"shop")
    nested = b"\3cursor\0" + document(text(b"ok", b"secret"))
    talk = [(ASK, message(1, 0, more)), (ANSWER, message(2, 1, nested, ok(1.0)))]

    (exchange,) = play(mongo(), talk)

    assert (exchange.operation, exchange.access, exchange.database) == ("getMore orders", "read", "shop")
    assert (exchange.started, exchange.ended, exchange.status) == (STEP, 2 * STEP, "")


@pytest.mark.parametrize(
    ("code", "outcome"),
    [(11000, Outcome.OK), (26, Outcome.OK), (50, Outcome.FAILED), (10107, Outcome.FAILED), (13, Outcome.UNAUTHORIZED)],
)
def test_what_an_error_means(code, outcome):
    failed = message(2, 1, ok(0.0), text(b"errmsg", b"secret"), integer(b"code", code))

    (exchange,) = play(mongo(), [(ASK, message(1, 0, text(b"update", b"orders"))), (ANSWER, failed)])

    assert (exchange.operation, exchange.status, exchange.outcome) == ("update orders", str(code), outcome)


def test_a_write_that_wants_no_reply_is_told_at_once():
    (exchange,) = play(mongo(), [(ASK, message(1, 0, text(b"insert", b"orders"), flags=2))])

    assert (exchange.operation, exchange.ended - exchange.started) == ("insert orders", 0)


def test_heartbeats_are_not_told():
    talk = [(ASK, message(1, 0, integer(b"hello", 1))), (ANSWER, message(2, 1, ok(1.0)))]

    assert play(mongo(), talk) == []


def test_a_value_that_names_no_collection_is_not_told():
    talk = [(ASK, message(1, 0, text(b"find", b"jane@example.com"))), (ANSWER, message(2, 1, ok(1.0)))]

    assert operations(play(mongo(), talk)) == [("find", "")]


def test_compressed_commands_are_timed_without_a_name():
    packed = struct.pack("<iiii", 30, 1, 0, 2012) + b"x" * 14

    assert operations(play(mongo(), [(ASK, packed), (ANSWER, message(2, 1, ok(1.0)))])) == [("{other}", "")]


def test_replies_are_matched_by_the_request():
    asked = message(1, 0, text(b"find", b"a")) + message(2, 0, text(b"count", b"b"))
    talk = [(ASK, asked), (ANSWER, message(8, 2, ok(1.0)) + message(9, 7, ok(1.0)) + message(7, 1, ok(1.0)))]

    assert operations(play(mongo(), talk)) == [("count b", ""), ("find a", "")]
