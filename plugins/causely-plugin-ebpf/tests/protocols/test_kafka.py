from __future__ import annotations

import struct

import pytest
from causely_plugin_ebpf.protocols import Outcome, dialogue

from .talk import ANSWER, ASK, operations, play


def request(key: int, version: int, id: int, body: bytes, flexible: bool = False) -> bytes:
    head = struct.pack(">hhih", key, version, id, 4) + b"shop" + (b"\0" if flexible else b"")
    return struct.pack(">i", len(head + body)) + head + body


def response(id: int, body: bytes) -> bytes:
    return struct.pack(">ii", len(body) + 4, id) + body


OLD_TOPIC, NEW_TOPIC = b"\0\0\0\1\0\6orders", b"\2\7orders"
PRODUCED = {
    2: struct.pack(">hi", 1, 500) + OLD_TOPIC,
    8: b"\xff\xff" + struct.pack(">hi", -1, 500) + OLD_TOPIC,
    9: b"\0" + struct.pack(">hi", -1, 500) + NEW_TOPIC,
}
FETCHED = {
    3: struct.pack(">iiii", -1, 500, 1, 99) + OLD_TOPIC,
    4: struct.pack(">iiiib", -1, 500, 1, 99, 0) + OLD_TOPIC,
    11: struct.pack(">iiiibii", -1, 500, 1, 99, 0, 0, 0) + OLD_TOPIC,
    12: struct.pack(">iiiibii", -1, 500, 1, 99, 0, 0, 0) + NEW_TOPIC,
}


def kafka():
    return dialogue("kafka")


@pytest.mark.parametrize("version", PRODUCED)
def test_a_produce_is_told_with_its_topic_and_error(version):
    flexible = version >= 9
    error = b"\2" + b"\0\0\0\0\0\7" if flexible else b"\0\0\0\1" + b"\0\0\0\0\0\7"
    answer = (b"\0" + NEW_TOPIC if flexible else OLD_TOPIC) + error + b"\0" * 24
    talk = [(ASK, request(0, version, 5, PRODUCED[version] + b"\0" * 9, flexible)), (ANSWER, response(5, answer))]

    (exchange,) = play(kafka(), talk)

    assert (exchange.operation, exchange.status, exchange.access) == ("Produce orders", "7", "write")
    assert exchange.outcome == Outcome.FAILED


@pytest.mark.parametrize("version", FETCHED)
def test_a_fetch_is_told_with_its_topic(version):
    asked = request(1, version, 5, FETCHED[version] + b"\0" * 9, version >= 12)

    assert operations(play(kafka(), [(ASK, asked), (ANSWER, response(5, b"\0" * 60))])) == [("Fetch orders", "")]


def test_a_session_goes_on_with_the_topic_it_began_with():
    begun = request(1, 11, 1, FETCHED[11] + b"\0" * 9)
    goes_on = request(1, 11, 2, struct.pack(">iiiibii", -1, 500, 1, 99, 0, 77, 1) + b"\0\0\0\0")
    talk = [(ASK, begun), (ANSWER, response(1, b"\0" * 40)), (ASK, goes_on), (ANSWER, response(2, b"\0" * 40))]

    assert operations(play(kafka(), talk)) == [("Fetch orders", "")] * 2


def test_topics_told_by_id_are_not_named():
    asked = request(1, 13, 1, struct.pack(">iiiibii", -1, 500, 1, 99, 0, 0, 0) + b"\2" + b"i" * 16, True)

    assert operations(play(kafka(), [(ASK, asked), (ANSWER, response(1, b"\0" * 40))])) == [("Fetch", "")]


def test_a_produce_that_wants_no_answer_is_told_at_once():
    asked = request(0, 8, 1, b"\xff\xff" + struct.pack(">hi", 0, 500) + OLD_TOPIC + b"\0" * 9)
    connection = kafka()

    (exchange,) = play(connection, [(ASK, asked)])

    assert (exchange.operation, exchange.ended - exchange.started) == ("Produce orders", 0)
    assert connection.pending == 0


def test_responses_are_matched_by_their_id():
    asked = request(18, 3, 1, b"", True) + request(3, 1, 2, b"\0\0\0\0") + request(12, 0, 3, b"")
    answers = response(3, b"\0\0") + response(99, b"") + response(1, b"\0" * 9) + response(2, b"\0" * 9)

    told = operations(play(kafka(), [(ASK, asked), (ANSWER, answers)]))

    assert told == [("Heartbeat", ""), ("ApiVersions", ""), ("Metadata", "")]
