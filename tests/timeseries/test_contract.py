"""What every time series store does, over the one in memory and over a real VictoriaMetrics."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from causely_core.model import EntityId, Observation, ObservationBatch, Series
from causely_core.timeseries import MemoryStore, open_store

from .samples import START, batch, entity, one, read, rows


@pytest.fixture(params=["memory", "victoria-metrics"])
def url(request):
    return None if request.param == "memory" else request.getfixturevalue("victoria_metrics")


@pytest.fixture
async def store(url):
    store = open_store(url)
    yield store
    await store.aclose()


async def test_what_is_written_comes_back_sorted_by_series_then_time(store):
    cart, web = entity("a-cart"), entity("b-web")
    errors, rate = Series(cart, "error_rate"), Series(cart, "request_rate")
    called, other = Series(cart, "request_rate", web), Series(web, "request_rate")
    every = [rows(series, range(3)) for series in (errors, rate, called, other)]
    await store.write(batch(*(reversed(samples) for samples in reversed(every))))
    assert await read(store, [web, cart]) == batch(*every)


async def test_only_the_asked_entities_and_attributes_come_back(store):
    cart, web = entity(), entity("web")
    wanted = rows(Series(cart, "request_duration.p95"), [0.1])
    others = [Series(cart, "request_rate"), Series(cart, "request_duration.p50"), Series(web, "request_duration.p95")]
    await store.write(batch(wanted, *(rows(series, [1.0]) for series in others)))
    assert await read(store, [cart], ["request_duration.p95", "unknown"]) == batch(wanted)
    assert not len(await read(store, [cart], []))
    assert not len(await read(store, []))
    assert not len(await read(store, [entity("nobody")]))


async def test_attributes_that_differ_in_punctuation_only_are_kept_apart(store):
    cart = entity()
    dotted, underscored = Series(cart, "memory.usage"), Series(cart, "memory_usage")
    await store.write(batch(rows(dotted, [1.0]), rows(underscored, [2.0])))
    assert await read(store, [cart], ["memory_usage"]) == batch(rows(underscored, [2.0]))
    assert await read(store, [cart], ["memory.usage"]) == batch(rows(dotted, [1.0]))
    assert len(await read(store, [cart])) == 2


async def test_both_ends_of_the_span_are_included(store):
    cart = entity()
    series = Series(cart, "request_rate")
    await store.write(batch(rows(series, range(10))))
    found = await read(store, [cart], start=START + 3.0, end=START + 5.0)
    assert found.values.tolist() == [3.0, 4.0, 5.0]
    assert not len(await read(store, [cart], start=START + 20.0, end=START + 30.0))


async def test_times_keep_their_milliseconds_and_values_their_digits(store):
    cart = entity()
    values = [1 / 3, 0.000_001, 1e9, -0.25, 123_456.125]
    samples = [Observation(Series(cart, "x"), START + 0.125 * n, value) for n, value in enumerate(values)]
    await store.write(ObservationBatch.of(samples))
    found = await read(store, [cart])
    assert found.times.tolist() == [sample.time for sample in samples]
    # VictoriaMetrics keeps decimal mantissas with one exponent for many samples.
    np.testing.assert_allclose(found.values, values, rtol=1e-9)


async def test_an_empty_batch_is_no_sample(store):
    await store.write(batch())
    assert (store.stats.written, store.stats.pending) == (0, 0)


async def test_what_is_written_is_counted(store):
    for values in ([1, 2, 3], [4]):
        await store.write(one(values=values))
    await read(store, [])
    stats = store.stats
    assert (stats.written, stats.pending, stats.dropped, stats.rejected, stats.last_error) == (4, 0, 0, 0, "")


async def test_closing_twice_or_unused_is_harmless(url):
    store = open_store(url)
    await store.aclose()
    await store.aclose()


# A lone surrogate is no Unicode text, and VictoriaMetrics takes an empty label for none at all.
ODD = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
NAME = st.one_of(ODD, st.sampled_from(['a"b', "a\\b", "a\nb", "a b", "{x}", "ü.µ", "a,b=c", "\\n", "#", "😀"]))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAME, attribute=NAME, peer=st.one_of(st.just(""), NAME))
async def test_odd_names_come_back_unchanged(store, name, attribute, peer):
    odd = EntityId(f"{entity('odd')}{name}")
    series = Series(odd, attribute, peer)
    await store.write(batch(rows(series, [1.0, 2.0])))
    assert await read(store, [odd], [attribute]) == batch(rows(series, [1.0, 2.0]))
    assert (await read(store, [odd])).series == (series, series)


def test_the_default_is_in_memory():
    assert isinstance(open_store(None), MemoryStore)
