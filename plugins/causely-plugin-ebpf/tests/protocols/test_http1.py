from __future__ import annotations

import pytest
from causely_plugin_ebpf.protocols import Outcome, dialogue, sniff
from hypothesis import given
from hypothesis import strategies as st

from .talk import ANSWER, ASK, STEP, assert_recovers, assert_survives, garbage, operations, play, splits

GET = b"GET /users/42?verbose=1 HTTP/1.1\r\nHost: shop\r\n\r\n"
POST = b"POST /orders HTTP/1.1\r\nHost: shop\r\nContent-Length: 11\r\n\r\nhello world"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
CREATED = b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nWiki\r\n5;a=b\r\npedia\r\n0\r\n\r\n"
TALK = [(ASK, GET), (ANSWER, OK), (ASK, POST), (ANSWER, CREATED)]
TOLD = [("GET /users/{id}", "200"), ("POST /orders", "201")]


def http():
    return dialogue("http1")


def test_requests_are_told_with_their_time_and_status():
    exchanges = play(http(), TALK)

    assert operations(exchanges) == TOLD
    assert [(e.started, e.ended) for e in exchanges] == [(STEP, 2 * STEP), (3 * STEP, 4 * STEP)]
    assert {e.system for e in exchanges} == {"http"}


@given(splits(TALK))
def test_where_reads_and_writes_cut_does_not_matter(pieces):
    assert operations(play(http(), pieces)) == TOLD


@given(splits([(ASK, GET + POST + GET), (ANSWER, b"HTTP/1.1 100 Continue\r\n\r\n" + OK + CREATED + OK)]))
def test_pipelined_requests_are_told_apart(pieces):
    assert operations(play(http(), pieces, step=100)) == [*TOLD, TOLD[0]]


def test_a_long_answer_ends_with_its_last_segment():
    long = b"HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n" + b"x" * 3000

    exchanges = play(http(), [(ASK, GET), (ANSWER, long[:1000]), (ANSWER, long[1000:2000]), (ANSWER, long[2000:])])

    assert [e.ended for e in exchanges] == [4 * STEP]


def test_an_answer_whose_end_is_out_of_sight_is_told_at_once():
    endless = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n" + b"x" * 100 + b"\r\n10\r\n" + b"y" * 18

    exchanges = play(http(), [(ASK, GET), (ANSWER, endless)], capture=100)

    assert [e.ended for e in exchanges] == [2 * STEP]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *((200, Outcome.OK), (404, Outcome.OK), (500, Outcome.FAILED), (503, Outcome.FAILED)),
        *((429, Outcome.THROTTLED), (401, Outcome.UNAUTHORIZED), (403, Outcome.UNAUTHORIZED)),
    ],
)
def test_what_a_status_means(status, outcome):
    answer = f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n".encode()

    assert [e.outcome for e in play(http(), [(ASK, GET), (ANSWER, answer)])] == [outcome]


def test_a_head_request_has_no_body():
    head = (ASK, b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
    answer = (ANSWER, b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")

    assert operations(play(http(), [head, answer, *TALK])) == [("HEAD /", "200"), *TOLD]


def test_a_websocket_is_silent_after_the_upgrade():
    upgrade = (ANSWER, b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x05hello")

    assert operations(play(http(), [(ASK, GET), upgrade, *TALK])) == [("GET /users/{id}", "101")]


def test_a_tunnel_is_silent_once_it_is_open():
    connect = (ASK, b"CONNECT db.internal:443 HTTP/1.1\r\n\r\n")

    assert operations(play(http(), [connect, (ANSWER, b"HTTP/1.1 200 OK\r\n\r\n"), *TALK])) == [("CONNECT", "200")]


def test_an_answer_to_a_request_never_seen_is_passed_over():
    assert operations(play(http(), [(ANSWER, OK), *TALK])) == TOLD


def test_a_lost_answer_does_not_shift_the_others():
    exchanges = play(http(), [(ASK, POST), (ASK, GET), (ANSWER, OK), (ASK, GET), (ANSWER, OK)])

    assert [(e.operation, e.ended - e.started) for e in exchanges] == [("GET /users/{id}", STEP)] * 2


def test_a_lost_part_of_an_answer_does_not_hide_the_next_one():
    long = b"HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n"

    assert operations(play(http(), [(ASK, GET), (ANSWER, long), *TALK])) == [TOLD[0], *TOLD]


def test_a_path_that_is_cut_tells_only_whole_segments():
    line = b"GET /search/" + b"words" * 200 + b" HTTP/1.1\r\n\r\n"

    assert operations(play(http(), [(ASK, line), (ANSWER, OK)])) == [("GET /search/*", "200")]


def test_an_answer_without_an_end_is_told_when_the_connection_closes():
    connection = http()
    play(connection, [(ASK, GET), (ANSWER, b"HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n")])

    assert operations(connection.close()) == [TOLD[0]]


def test_unanswered_requests_are_bounded_and_counted():
    connection = http()
    play(connection, [(ASK, GET * 3)] * 100, step=1)

    assert connection.pending == 64
    assert connection.dropped == 300 - 64


@given(garbage(TALK))
def test_nothing_makes_it_raise(noise):
    assert_survives(http(), noise)


@given(garbage(TALK).filter(lambda noise: not any(b" 101" in s.head or b"CONNECT" in s.head for s in noise)))
def test_it_finds_its_way_back(noise):
    assert_recovers(http(), noise, TALK, "POST /orders")


def test_it_is_recognised_from_either_side():
    assert sniff(GET, True, 1) == sniff(OK, False, 1) == "http1"


@given(st.binary(max_size=100), st.booleans())
def test_random_bytes_are_not_taken_for_it(data, to_server):
    assert sniff(data, to_server, 80) != "http1"
