from __future__ import annotations

import struct

import pytest
from causely_plugin_ebpf.protocols import Outcome, dialogue

from .talk import ANSWER, ASK, STEP, operations, play


def question(id: int, type: int = 1) -> bytes:
    return struct.pack(">HHHHHH", id, 0x100, 1, 0, 0, 0) + b"\4shop\3svc\0" + struct.pack(">HH", type, 1)


def answer(id: int, code: int = 0) -> bytes:
    return struct.pack(">HHHHHH", id, 0x8180 | code, 1, 0, 0, 0) + b"\4shop\3svc\0\0\1\0\1"


@pytest.mark.parametrize(("type", "name"), [(1, "A"), (28, "AAAA"), (33, "SRV"), (65, "HTTPS"), (999, "{other}")])
def test_only_the_type_of_a_question_is_told(type, name):
    assert operations(play(dialogue("dns"), [(ASK, question(1, type)), (ANSWER, answer(1))])) == [(name, "")]


@pytest.mark.parametrize(
    ("code", "status", "outcome"),
    [(3, "NXDOMAIN", Outcome.OK), (2, "SERVFAIL", Outcome.FAILED), (5, "REFUSED", Outcome.UNAUTHORIZED)],
)
def test_what_a_code_means(code, status, outcome):
    (exchange,) = play(dialogue("dns"), [(ASK, question(1)), (ANSWER, answer(1, code))])

    assert (exchange.status, exchange.outcome) == (status, outcome)


def test_answers_are_matched_by_their_id():
    talk = [(ASK, question(1)), (ASK, question(2, 28)), (ANSWER, answer(3)), (ANSWER, answer(2)), (ANSWER, answer(1))]

    assert operations(play(dialogue("dns"), talk)) == [("AAAA", ""), ("A", "")]


def test_a_question_that_is_asked_again_has_waited_since_the_first_time():
    (exchange,) = play(dialogue("dns"), [(ASK, question(1)), (ASK, question(1)), (ANSWER, answer(1))])

    assert exchange.started == STEP


def test_over_tcp_several_may_come_at_once():
    asked, answered = (b"".join(struct.pack(">H", len(m)) + m for m in messages) for messages in (
        [question(1), question(2, 28)], [answer(2), answer(1)]
    ))  # fmt: skip

    assert operations(play(dialogue("dns_tcp"), [(ASK, asked), (ANSWER, answered)])) == [("AAAA", ""), ("A", "")]
