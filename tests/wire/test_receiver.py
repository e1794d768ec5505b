"""The receiver's state table, without a network."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causely_core.wire import Snapshot, Update, WireError
from causely_core.wire.convert import update_to_pb
from causely_core.wire.cursor import Cursor
from causely_core.wire.dialect import MEDIATE
from causely_core.wire.pb import update_pb2
from causely_core.wire.receiver import LinkReceiver

from .links import Store, delta


def hello(epoch="e", name="test"):
    return MEDIATE.hello(update_pb2.Hello(sender=name, epoch=epoch))


def update(number):
    return MEDIATE.update(update_to_pb(Update(number, 1.0, delta(number))))


def snapshot(number):
    return MEDIATE.update(update_to_pb(Update(number, 1.0, Snapshot((delta(number),)))))


BROKEN = MEDIATE.update(update_pb2.Update(sequence=1))


async def talk(store, *requests, max_batch=1):
    """The answers as (sequence, resync), one request a batch."""

    async def stream():
        for request in requests:
            yield request

    session = await LinkReceiver(store, store.apply, max_batch).open(stream())
    return [(ack.sequence, ack.resync) async for ack in session.acks()]


def stored(epoch, sequence):
    return Store(cursors={"test": Cursor(epoch, sequence)})


@pytest.mark.parametrize(
    ("store", "said", "answers"),
    [
        (Store(), [], [(0, False)]),
        (Store(), [update(1)], [(0, False), (1, False)]),
        (Store(), [update(2)], [(0, False), (0, True)]),
        (Store(), [snapshot(7), update(8)], [(0, False), (7, False), (8, False)]),
        (stored("e", 5), [update(6)], [(5, False), (6, False)]),
        (stored("e", 5), [update(4), update(5)], [(5, False), (5, False), (5, False)]),
        (stored("e", 5), [update(8), update(9)], [(5, False), (5, True), (5, False)]),
        (
            stored("e", 5),
            [update(8), snapshot(9), update(10)],
            [(5, False), (5, True), (9, False), (10, False)],
        ),
        (stored("old", 5), [update(1)], [(0, True), (0, False)]),
        (stored("old", 5), [snapshot(1), update(2)], [(0, True), (1, False), (2, False)]),
        (Store(), [BROKEN, update(2)], [(0, False), (0, True), (0, False)]),
    ],
)
async def test_state_table(store, said, answers):
    assert await talk(store, hello(), *said) == answers


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ([], "no hello"),
        ([update(1)], "no hello"),
        ([hello(name="")], "hello.sender: empty"),
        ([hello(epoch="")], "hello.epoch: empty"),
        ([hello(), hello()], "another hello"),
        (
            [hello(), MEDIATE.update(update_pb2.Update(sequence=1, snapshot={"topology": [{}]}))],
            "topology.source: empty",
        ),
    ],
)
async def test_what_no_resync_can_repair_is_one_clear_line(said, line):
    with pytest.raises(WireError, match=line):
        await talk(Store(), *said)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(1, 12), max_size=12), max_size=4), st.integers(1, 8))
def test_whatever_numbers_come_each_is_applied_once_and_in_order(streams, max_batch):
    store = Store()
    for numbers in streams:
        asyncio.run(talk(store, hello(), *map(update, numbers), max_batch=max_batch))
    applied = sorted(store.applied)
    assert applied == list(range(1, len(applied) + 1))
    assert set(store.applied.values()) <= {1}
    assert store.cursors.get("test", Cursor("e", 0)).sequence == len(applied)


async def test_an_error_of_the_stream_comes_after_what_was_read_before_it():
    store = Store()

    async def stream():
        yield hello()
        yield update(1)
        raise ConnectionError("gone")

    session = await LinkReceiver(store, store.apply).open(stream())
    with pytest.raises(ConnectionError):
        async for _ in session.acks():
            pass
    assert store.applied == {1: 1}
