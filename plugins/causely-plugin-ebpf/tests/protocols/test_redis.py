from __future__ import annotations

import pytest
from causely_plugin_ebpf.protocols import Outcome, dialogue, sniff
from hypothesis import given

from .talk import ANSWER, ASK, STEP, assert_recovers, assert_survives, garbage, operations, play, splits


def command(*words: bytes) -> bytes:
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)


SET, GET, INCR = command(b"SET", b"secret", b"x" * 700), command(b"get", b"secret"), command(b"INCR", b"n")
BULK = b"$700\r\n" + b"x" * 700 + b"\r\n"
NESTED = b"*3\r\n*2\r\n:1\r\n$2\r\nhi\r\n%1\r\n+a\r\n_\r\n$-1\r\n"
TALK = [
    (ASK, SET),
    (ANSWER, b"+OK\r\n"),
    (ASK, GET + INCR + command(b"HGETALL", b"h")),
    (ANSWER, BULK + b":7\r\n" + NESTED),
    (ASK, command(b"CLUSTER", b"SLOTS") + b"PING\r\n"),
    (ANSWER, b"-MOVED 3999 10.0.0.1:6381\r\n+PONG\r\n"),
]
TOLD = [("SET", ""), ("GET", ""), ("INCR", ""), ("HGETALL", ""), ("CLUSTER", "MOVED"), ("PING", "")]


def redis():
    return dialogue("redis")


def test_commands_are_told_with_time_and_access():
    exchanges = play(redis(), TALK, capture=4096)

    assert operations(exchanges) == TOLD
    assert [e.access for e in exchanges] == ["write", "read", "write", "read", "", "read"]
    assert [(e.started, e.ended) for e in exchanges[:2]] == [(STEP, 2 * STEP), (3 * STEP, 4 * STEP)]
    assert {e.system for e in exchanges} == {"redis"}


@given(splits(TALK))
def test_where_reads_and_writes_cut_does_not_matter(pieces):
    assert operations(play(redis(), pieces, capture=4096, step=100)) == TOLD


def test_long_values_are_passed_over():
    talk = [(ASK, SET), (ANSWER, b"+OK\r\n"), (ASK, GET), (ANSWER, BULK), (ASK, GET), (ANSWER, BULK[:500])]

    assert operations(play(redis(), [*talk, (ANSWER, BULK[500:])], capture=40)) == [TOLD[0], TOLD[1], TOLD[1]]


@pytest.mark.parametrize(
    ("error", "status", "outcome"),
    [
        (b"-ERR unknown command\r\n", "ERR", Outcome.OK),
        (b"-WRONGTYPE Operation\r\n", "WRONGTYPE", Outcome.OK),
        (b"-OOM command not allowed\r\n", "OOM", Outcome.FAILED),
        (b"-LOADING Redis is loading\r\n", "LOADING", Outcome.FAILED),
        (b"-NOAUTH Authentication required.\r\n", "NOAUTH", Outcome.UNAUTHORIZED),
        (b"-ERR max number of clients reached\r\n", "ERR", Outcome.THROTTLED),
        (b"-secret words\r\n", "ERR", Outcome.OK),
    ],
)
def test_what_an_error_means(error, status, outcome):
    (exchange,) = play(redis(), [(ASK, GET), (ANSWER, error)])

    assert (exchange.status, exchange.outcome) == (status, outcome)


def test_pushed_messages_answer_nothing():
    pushed = command(b"message", b"channel", b"secret") + b">2\r\n+invalidate\r\n*0\r\n"
    talk = [(ASK, command(b"SUBSCRIBE", b"c")), (ANSWER, command(b"subscribe", b"c", b"1")), (ASK, GET)]

    assert operations(play(redis(), [*talk, (ANSWER, pushed), (ANSWER, BULK)])) == [("GET", "")]


def test_commands_that_wait_by_intent_are_not_told():
    talk = [(ASK, command(b"BLPOP", b"q", b"0")), (ANSWER, b"*-1\r\n"), (ASK, GET), (ANSWER, BULK)]

    assert operations(play(redis(), talk)) == [("GET", "")]


def test_an_array_that_is_empty_ends_at_once():
    assert operations(play(redis(), [(ASK, GET + INCR), (ANSWER, b"*0\r\n:1\r\n")])) == [("GET", ""), ("INCR", "")]


def test_a_word_that_is_no_command_is_not_told():
    talk = [(ASK, command(b"pass word 123", b"x")), (ANSWER, b"-ERR unknown\r\n")]

    assert operations(play(redis(), talk)) == [("{other}", "ERR")]


@given(garbage(TALK))
def test_nothing_makes_it_raise(noise):
    assert_survives(redis(), noise)


@given(garbage(TALK))
def test_it_finds_its_way_back(noise):
    assert_recovers(redis(), noise, TALK, "INCR")


def test_it_is_recognised_from_either_side():
    assert sniff(GET, True, 1) == sniff(b"+OK\r\n", False, 1) == "redis"
