"""What holds for every protocol."""

from __future__ import annotations

import random

import pytest
from causely_plugin_ebpf.protocols import PROTOCOLS, Segment, dialogue, sniff
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conversations import CONVERSATIONS
from .talk import assert_recovers, assert_survives, garbage, operations, play, segments, splits

TOLD = {
    "http1": [("GET /users/{id}", "200"), ("POST /orders", "200")],
    "postgresql": [("SELECT orders", ""), ("DELETE nowhere", "42P01")],
    "redis": [("SET", ""), ("GET", "")],
    "http2": [("shop.v1.Orders/Place", "")] * 4,
    "dns": [("A", "")],
    "dns_tcp": [("A", "")],
    "mysql": [("SELECT orders", ""), ("INSERT orders", "1062")],
    "kafka": [("Produce orders", ""), ("Fetch orders", "6")],
    "mongodb": [("find orders", ""), ("insert orders", "13")],
    "amqp": [("publish shop", ""), ("deliver orders", "")],
}
STREAMS = [protocol for protocol in TOLD if protocol != "dns"]
"""Those that may be cut anywhere; a datagram may not."""

every = pytest.mark.parametrize("protocol", TOLD)
relaxed = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


def test_every_protocol_is_tried():
    assert set(TOLD) == set(CONVERSATIONS) == {protocol.name for protocol in PROTOCOLS}


@every
def test_a_conversation_is_told(protocol):
    assert operations(play(dialogue(protocol), CONVERSATIONS[protocol])) == TOLD[protocol]


@every
def test_a_connection_may_be_seen_from_the_middle(protocol):
    again = CONVERSATIONS[protocol] * 2

    assert operations(play(dialogue(protocol), again[1:]))[-len(TOLD[protocol]) :] == TOLD[protocol]


@pytest.mark.parametrize("protocol", STREAMS)
@relaxed
@given(st.data())
def test_where_reads_and_writes_cut_does_not_matter(protocol, data):
    pieces = data.draw(splits(CONVERSATIONS[protocol]))

    assert operations(play(dialogue(protocol), pieces, step=100)) == TOLD[protocol]


@every
@relaxed
@given(st.data())
def test_nothing_makes_it_raise(protocol, data):
    assert_survives(dialogue(protocol), data.draw(garbage(CONVERSATIONS[protocol])))


@every
@relaxed
@given(st.data())
def test_truncated_heads_do_not_make_it_raise_or_tell_more(protocol, data):
    capture = data.draw(st.integers(0, 60))
    connection = dialogue(protocol)
    told = play(connection, CONVERSATIONS[protocol], capture=capture)

    assert len(told) + len(connection.close()) <= len(TOLD[protocol])


@every
@relaxed
@given(st.data())
def test_it_finds_its_way_back(protocol, data):
    noise = data.draw(garbage(CONVERSATIONS[protocol]))

    assert_recovers(dialogue(protocol), noise, CONVERSATIONS[protocol], TOLD[protocol][-1][0])


@every
@relaxed
@given(st.lists(st.sampled_from(range(16)), max_size=8))
def test_segments_that_are_lost_do_not_hide_what_comes_later(protocol, lost):
    connection = dialogue(protocol)
    talk = segments(CONVERSATIONS[protocol] * 40)
    told = [e for i, segment in enumerate(talk) if i not in lost for e in connection.feed(segment)]

    assert operations(told)[-1] == TOLD[protocol][-1]


@every
def test_requests_that_get_no_answer_are_bounded(protocol):
    connection = dialogue(protocol)
    asked = [data for to_server, data in CONVERSATIONS[protocol] if to_server]
    for turn in range(200):
        for data in asked:
            connection.feed(Segment(True, turn, len(data), data))

    assert connection.pending <= 64


@every
def test_the_first_request_is_recognised(protocol):
    first = next(data for to_server, data in CONVERSATIONS[protocol] if to_server)

    assert sniff(first, True, 0) == protocol


def test_random_bytes_are_seldom_taken_for_a_protocol():
    rng = random.Random(1)
    taken = [sniff(rng.randbytes(rng.randrange(4, 200)), rng.random() < 0.5, 0) for _ in range(20_000)]

    assert sum(name is not None for name in taken) <= 2


def test_the_port_decides_between_two_that_fit():
    question = CONVERSATIONS["dns"][0][1]

    assert sniff(question, True, 53) == "dns"


def test_an_unknown_protocol_is_an_error():
    with pytest.raises(KeyError):
        dialogue("gopher")
