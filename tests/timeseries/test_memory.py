"""The store in memory: bounded, the oldest written go first."""

import tracemalloc
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causely_core.model import EntityId, Series
from causely_core.timeseries import MemoryStore

from .samples import START, batch, rows

SAMPLE = 20  # bytes
CART = EntityId("Service:cart")


@contextmanager
def traced():
    """Tells how many bytes were allocated inside and are still held."""
    tracemalloc.start()
    try:
        yield lambda: tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()


async def values(store, *entities):
    found = await store.read(entities or [CART], None, START, START + 1e6)
    return found.values.tolist()


async def test_the_oldest_written_are_overwritten_and_counted():
    store = MemoryStore(4 * SAMPLE)
    series = Series(CART, "request_rate")
    await store.write(batch(rows(series, range(3))))
    await store.write(batch(rows(series, [3, 4, 5], START + 3)))
    assert await values(store) == [2.0, 3.0, 4.0, 5.0]
    assert (store.stats.written, store.stats.dropped) == (6, 2)


async def test_of_a_batch_larger_than_the_store_the_end_is_kept():
    store = MemoryStore(4 * SAMPLE)
    await store.write(batch(rows(Series(CART, "request_rate"), range(10))))
    assert await values(store) == [6.0, 7.0, 8.0, 9.0]
    assert (store.stats.written, store.stats.dropped) == (10, 6)


async def test_names_of_series_that_are_gone_do_not_pile_up():
    store = MemoryStore(4 * SAMPLE)
    with traced() as used:
        for number in range(5_000):
            await store.write(batch(rows(Series(EntityId(f"Pod:{number}"), "cpu"), [number], START + number)))
        assert used() < 600_000
    recent = [EntityId(f"Pod:{number}") for number in range(4_990, 5_000)]
    assert await values(store, *recent) == [4_996.0, 4_997.0, 4_998.0, 4_999.0]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 12), max_size=9), max_size=12), st.integers(1, 8))
async def test_the_newest_samples_of_any_batches_are_there(batches, capacity):
    store, every = MemoryStore(capacity * SAMPLE), []
    for entities in batches:
        told = [(EntityId(f"Pod:{entity}"), float(len(every) + row)) for row, entity in enumerate(entities)]
        await store.write(batch(*(rows(Series(pod, "cpu"), [value]) for pod, value in told)))
        every += told
    pods = sorted({pod for pod, _ in every})
    assert sorted(await values(store, *pods)) == [value for _, value in every[-capacity:]]
    assert store.stats.dropped == max(0, len(every) - capacity)


def test_room_for_less_than_one_sample_is_refused():
    with pytest.raises(ValueError, match="max_bytes is 19; expected at least 20, one sample"):
        MemoryStore(19)
