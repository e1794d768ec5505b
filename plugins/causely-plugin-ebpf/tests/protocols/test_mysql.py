from __future__ import annotations

import struct

import pytest
from causely_plugin_ebpf.protocols import Outcome, dialogue

from .talk import ANSWER, ASK, STEP, operations, play


def packets(first: int, *bodies: bytes) -> bytes:
    numbered = enumerate(bodies, first)
    return b"".join(struct.pack("<I", len(body))[:3] + bytes([number & 255]) + body for number, body in numbered)


GREETING = packets(0, b"\x0a8.0.36\0" + b"x" * 60)
OK = packets(1, b"\0\0\0\2\0\0\0")
END = b"\xfe\0\0\2\0"
FLAGS = 0x8 | 0x200 | 0x8000
LOGIN = packets(1, struct.pack("<IIB", FLAGS, 1 << 24, 45) + b"\0" * 23 + b"app\0" + b"\4hash" + b"shop\0plugin\0")


def mysql():
    return dialogue("mysql")


def query(text: bytes) -> tuple[bool, bytes]:
    return ASK, packets(0, b"\3" + text)


def test_the_handshake_tells_the_database():
    talk = [(ANSWER, GREETING), (ASK, LOGIN), (ANSWER, packets(2, b"\0\0\0\2\0\0\0")), query(b"BEGIN"), (ANSWER, OK)]

    told = play(mysql(), talk)

    assert operations(told) == [("CONNECT", ""), ("BEGIN", "")]
    assert {e.database for e in told} == {"shop"}


def test_an_encrypted_connection_is_silent():
    ssl = packets(1, struct.pack("<IIB", 0x800, 0, 45) + b"\0" * 23)

    assert play(mysql(), [(ANSWER, GREETING), (ASK, ssl), query(b"SELECT 1"), (ANSWER, OK)]) == []


@pytest.mark.parametrize(
    "answer",
    [
        packets(1, b"\1", b"\3def....", END, b"\1a", END),
        packets(1, b"\1", b"\3def....", b"\1a", b"\xfe\0\0\2\0\0\0"),
        packets(1, b"\1", b"\3def....", b"\xfe\0\0\2\0\0\0"),
        packets(1, b"\1", b"\3def....", END, END),
    ],
    ids=["rows", "rows that end with an OK", "no rows that end with an OK", "no rows"],
)
def test_a_result_set_ends_with_its_last_packet(answer):
    talk = [query(b"SELECT a FROM orders"), *((ANSWER, answer[i : i + 7]) for i in range(0, len(answer), 7))]

    (exchange,) = play(mysql(), talk)

    assert (exchange.operation, exchange.ended) == ("SELECT orders", len(talk) * STEP)


def test_several_results_are_one_exchange():
    more = b"\0\0\0\x08\0\0\0"

    assert operations(play(mysql(), [query(b"CALL p()"), (ANSWER, packets(1, more, more, b"\0\0\0\2\0\0\0"))])) == [
        ("CALL", "")
    ]


def test_prepared_statements_keep_their_name():
    prepare = packets(0, b"\x16UPDATE orders SET a = ?")
    prepared = packets(1, b"\0" + struct.pack("<IHHBH", 7, 0, 1, 0, 0), b"\3def....", END)
    execute = packets(0, b"\x17" + struct.pack("<IBI", 7, 0, 1))
    talk = [(ASK, prepare), (ANSWER, prepared), (ASK, execute), (ANSWER, OK), (ASK, packets(0, b"\x19\7\0\0\0"))]

    assert operations(play(mysql(), talk)) == [("UPDATE orders", "")]


@pytest.mark.parametrize(
    ("code", "state", "outcome"),
    [
        (1062, b"23000", Outcome.OK),
        (1064, b"42000", Outcome.OK),
        (1205, b"HY000", Outcome.FAILED),
        (1213, b"40001", Outcome.FAILED),
        (1142, b"42000", Outcome.UNAUTHORIZED),
        (1226, b"42000", Outcome.THROTTLED),
    ],
)
def test_what_an_error_means(code, state, outcome):
    error = packets(1, b"\xff" + struct.pack("<H", code) + b"#" + state + b"secret")

    (exchange,) = play(mysql(), [query(b"DELETE FROM orders"), (ANSWER, error)])

    assert (exchange.status, exchange.outcome) == (str(code), outcome)


def test_too_many_connections_are_throttling():
    (exchange,) = play(mysql(), [(ANSWER, packets(0, b"\xff\x10\x04Too many connections"))])

    assert (exchange.operation, exchange.status, exchange.outcome) == ("CONNECT", "1040", Outcome.THROTTLED)


def test_rows_out_of_sight_end_with_the_last_segment_before_the_next_command():
    rows = packets(1, b"\1", b"\3def....", END, *[b"x" * 300] * 20, END)
    talk = [query(b"SELECT 1"), (ANSWER, rows[:3000]), (ANSWER, rows[3000:]), query(b"SELECT 2"), (ANSWER, OK)]

    assert [e.ended for e in play(mysql(), talk)] == [3 * STEP, 5 * STEP]
