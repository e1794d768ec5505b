"""Exporting all totals from a real VictoriaMetrics, as they come."""

import asyncio

import numpy as np
import pytest

from causely_core.errors import UnavailableError
from causely_core.model import EntityId, Observation, ObservationBatch, Series
from causely_core.timeseries import VictoriaMetricsStore
from causely_core.timeseries.export import export_totals

from .samples import START, batch, entity, rows, settled
from .server import VictoriaMetrics


@pytest.fixture
async def server(own_server):
    await asyncio.to_thread(own_server.start)
    return own_server


async def filled(url, *samples, writer=""):
    store = VictoriaMetricsStore(url, writer)
    await store.write(batch(*samples))
    await settled(store)
    await store.aclose()


async def exported(url, start=START, end=START + 500.0):
    return {series: (times, values) async for series, times, values in export_totals(url, start, end)}


async def test_each_series_comes_once_with_all_its_samples_in_the_order_of_time(server):
    long, short = Series(entity(), "request_duration.p95"), Series(entity(), "cpu_utilization")
    await filled(server.url, rows(long, range(400)), rows(short, [0.5, 0.25]))
    await filled(server.url, rows(long, [7.0], START + 400.0))
    found = await exported(server.url)
    assert set(found) == {long, short}
    times, values = found[long]
    np.testing.assert_array_equal(times, START + np.arange(401.0))
    np.testing.assert_array_equal(values, [*range(400), 7.0])


async def test_both_ends_of_the_stretch_are_in_and_nothing_besides(server):
    series = Series(entity(), "request_rate")
    await filled(server.url, rows(series, range(10)))
    assert (await exported(server.url, START + 2.0, START + 5.0))[series][1].tolist() == [2.0, 3.0, 4.0, 5.0]
    assert await exported(server.url, START + 20.0, START + 30.0) == {}


async def test_what_single_callers_saw_is_left_out(server):
    cart, web = entity("cart"), entity("web")
    total = Series(cart, "request_rate")
    await filled(server.url, rows(total, [1.0]), rows(Series(cart, "request_rate", peer=web), [1.0]))
    assert set(await exported(server.url)) == {total}


async def test_what_several_have_written_comes_once_with_the_largest_of_all(server):
    both, one = Series(entity(), "cpu_usage"), Series(entity(), "odd attribute-name")
    await filled(server.url, rows(both, [1.0, 3.0]), rows(one, [9.0]), writer="agent-a")
    await filled(server.url, rows(both, [2.0, 2.0]), writer="agent-b")
    await filled(server.url, rows(both, [0.5], START + 1.5))
    found = [(series, *columns) async for series, *columns in export_totals(server.url, START, START + 500.0)]
    assert len(found) == 2
    times, values = next(columns for series, *columns in found if series == both)
    assert times.tolist() == [START, START + 1.0, START + 1.5]
    assert values.tolist() == [2.0, 3.0, 3.0]


@pytest.mark.parametrize("name", ['a "b" \\ c', "two\nlines", "a\u2028b\x85c\x0bd", "ü🙂", "x" * 3_000])
async def test_odd_names_come_back_as_they_were(server, name):
    series = Series(EntityId(f"Service:{name}"), "odd attribute-name")
    await filled(server.url, rows(series, [1.0]))
    assert set(await exported(server.url)) == {series}


async def test_a_long_series_is_put_together_from_many_chunks(server):
    series = Series(entity(), "request_rate")
    times, values = START + np.arange(50_000) / 100.0, np.arange(50_000) / 7.0
    store = VictoriaMetricsStore(server.url)
    await store.write(ObservationBatch.of(map(Observation, [series] * len(times), times, values)))
    await settled(store)
    await store.aclose()
    found = await exported(server.url)
    np.testing.assert_allclose(found[series][1], values, rtol=1e-11)


async def test_a_path_before_the_api_is_kept(tmp_path, own_server):
    clustered = VictoriaMetrics(tmp_path, path="/select/0/prometheus")
    await asyncio.to_thread(clustered.start)
    series = Series(entity(), "request_rate")
    await filled(clustered.url, rows(series, [1.0]))
    assert set(await exported(f"{clustered.url}/")) == {series}
    await asyncio.to_thread(clustered.stop)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "nowhere", "http://[", "ftp://127.0.0.1"])
async def test_an_address_where_nobody_answers_is_one_line(url):
    with pytest.raises(UnavailableError) as raised:
        await exported(url)
    assert str(raised.value).startswith(f"VictoriaMetrics at {url}: ")
    assert "\n" not in str(raised.value)


async def test_a_refusal_is_told_in_one_line(server):
    with pytest.raises(UnavailableError, match=r"^VictoriaMetrics at .*/nothing: HTTP 400: [^\n]+$"):
        await exported(f"{server.url}/nothing")


async def answering(body):
    """An HTTP server that gives ``body`` to whoever asks, and its URL."""

    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    return server, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize("body", [b"<html>hello</html>\n", b'{"items": []}\n', b"[1]"])
async def test_another_server_is_recognised(body):
    server, url = await answering(body)
    async with server:
        with pytest.raises(UnavailableError, match="expected an exported series, got b"):
            await exported(url)
