"""A real VictoriaMetrics that goes away, comes back, refuses or is not there at all."""

import asyncio

import httpx
import numpy as np
import pytest

from causely_core.errors import ConfigError, UnavailableError
from causely_core.model import Observation, ObservationBatch, Series
from causely_core.timeseries import VictoriaMetricsStore, open_store

from .samples import START, batch, entity, one, read, rows, settled, until
from .server import VictoriaMetrics, free_port

BACKOFF = 0.02


@pytest.fixture
async def open_to():
    """Opens stores that are closed after the test."""
    opened = []

    def open_to(url, **options):
        opened.append(VictoriaMetricsStore(url, **{"backoff": BACKOFF, "rest": 0.0, **options}))
        return opened[-1]

    yield open_to
    await asyncio.gather(*(store.aclose() for store in opened))


async def test_what_comes_while_the_server_is_away_is_written_when_it_is_back(own_server, open_to):
    store = open_to(own_server.url)
    cart = entity()
    series = Series(cart, "request_rate")
    await store.write(batch(rows(series, [0.0, 1.0])))
    await until(lambda: store.stats.last_error)
    assert store.stats.pending == 2
    await asyncio.to_thread(own_server.start)
    assert (await read(store, [cart])).values.tolist() == [0.0, 1.0]
    await asyncio.to_thread(own_server.stop)
    for second in range(2, 6):
        await store.write(batch(rows(series, [second], START + second)))
    await until(lambda: store.stats.last_error)
    await asyncio.to_thread(own_server.start)
    assert (await read(store, [cart])).values.tolist() == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    assert (store.stats.written, store.stats.dropped, store.stats.last_error) == (6, 0, "")


async def test_the_queue_is_bounded_and_keeps_the_newest(own_server, open_to):
    store = open_to(own_server.url, max_pending=10)
    cart = entity()
    for second in range(0, 100, 2):
        await store.write(batch(rows(Series(cart, "request_rate"), [second, second + 1], START + second)))
        assert store.stats.pending <= 10
        await asyncio.sleep(0)
    assert store.stats.pending + store.stats.dropped == 100
    await asyncio.to_thread(own_server.start)
    found = (await read(store, [cart])).values.tolist()
    assert found[-8:] == [float(second) for second in range(92, 100)]
    assert (store.stats.written, store.stats.dropped) == (10, 90)


async def test_a_single_batch_over_the_bound_is_kept_whole(victoria_metrics, open_to):
    store, cart = open_to(victoria_metrics, max_pending=3), entity()
    await store.write(batch(rows(Series(cart, "request_rate"), range(10))))
    assert len(await read(store, [cart])) == 10


async def test_what_the_server_refuses_is_counted_and_does_not_block_what_follows(victoria_metrics, open_to):
    refused = open_to(f"{victoria_metrics}/no/such/path")
    await refused.write(one(values=[1.0, 2.0]))
    await until(lambda: refused.stats.rejected)
    assert (refused.stats.rejected, refused.stats.written, refused.stats.pending) == (2, 0, 0)
    assert refused.stats.last_error.startswith("HTTP 400: ")
    await refused.write(one())
    await until(lambda: refused.stats.rejected == 3)


async def test_a_server_in_trouble_is_asked_again(open_to):
    answers = [500, 429, 503, 204]
    asked = []

    async def answer(reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        await reader.readexactly(int(head.partition("content-length: ")[2].partition("\r\n")[0]))
        asked.append(answers[len(asked)])
        writer.write(b"HTTP/1.1 %d X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % asked[-1])
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        store = open_to(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        await store.write(one(values=[1.0, 2.0]))
        await until(lambda: store.stats.written)
    assert asked == answers
    assert (store.stats.written, store.stats.rejected, store.stats.last_error) == (2, 0, "")


async def test_what_comes_soon_after_a_request_is_gathered_until_somebody_reads(victoria_metrics, open_to):
    store, cart = open_to(victoria_metrics, rest=60.0), entity()
    series = Series(cart, "request_rate")
    await store.write(batch(rows(series, [0.0])))
    await until(lambda: store.stats.written == 1)
    await store.write(batch(rows(series, [1.0], START + 1.0)))
    await store.write(batch(rows(series, [2.0], START + 2.0)))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await until(lambda: store.stats.pending < 2)
    await store.read([cart], None, START, START + 1.0)
    assert (await read(store, [cart])).values.tolist() == [0.0, 1.0, 2.0]


async def test_values_that_are_no_numbers_are_left_out(victoria_metrics, open_to):
    store, cart = open_to(victoria_metrics), entity()
    values = [np.nan, 1.0, np.inf, -np.inf, 2.0]
    await store.write(batch(rows(Series(cart, "request_rate"), values)))
    found = await read(store, [cart])
    assert [(row.time, row.value) for row in found] == [(START + 1, 1.0), (START + 4, 2.0)]
    assert (store.stats.written, store.stats.rejected) == (2, 3)


async def test_a_large_write_is_cut_into_requests(victoria_metrics, open_to):
    store, cart = open_to(victoria_metrics), entity()
    for part in range(30):
        samples = [Observation(Series(cart, f"a{n}"), START + part, float(n)) for n in range(1_500)]
        await store.write(ObservationBatch.of(samples))
    assert len(await read(store, [cart], [f"a{n}" for n in range(0, 1_500, 100)])) == 15 * 30
    assert store.stats.written == 45_000


async def test_closing_writes_what_is_pending(victoria_metrics, open_to):
    store, cart = VictoriaMetricsStore(victoria_metrics), entity()
    await store.write(batch(rows(Series(cart, "request_rate"), range(5))))
    await store.aclose()
    assert (store.stats.written, store.stats.pending, store.stats.dropped) == (5, 0, 0)
    assert len(await read(open_to(victoria_metrics), [cart])) == 5


async def test_closing_while_the_server_is_away_gives_up_in_time():
    store = VictoriaMetricsStore(f"http://127.0.0.1:{free_port()}", flush=0.05)
    await store.write(one(values=[1.0, 2.0]))
    async with asyncio.timeout(5.0):
        await store.aclose()
    assert (store.stats.written, store.stats.pending, store.stats.dropped) == (0, 0, 2)


async def test_reading_from_nobody_is_one_clear_line(open_to):
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(UnavailableError, match=f"VictoriaMetrics at {url}: ConnectError: "):
        await open_to(url).read([entity()], None, START, START + 1)


async def test_a_refused_read_tells_what_the_server_said(victoria_metrics, open_to):
    url = f"{victoria_metrics}/no/such/path"
    with pytest.raises(UnavailableError, match=f"VictoriaMetrics at {url}: HTTP 400: "):
        await open_to(url).read([entity()], None, START, START + 1)


async def test_a_path_of_the_url_is_kept(tmp_path, open_to):
    server = VictoriaMetrics(tmp_path, "/select/0/prometheus")
    await asyncio.to_thread(server.start)
    try:
        store, cart = open_to(f"{server.url}/"), entity()
        await store.write(batch(rows(Series(cart, "request_rate"), [1.0])))
        assert len(await read(store, [cart])) == 1
    finally:
        await asyncio.to_thread(server.stop)


async def test_two_agents_that_measure_one_service_do_not_mix_their_samples(victoria_metrics, open_to):
    first, second = (open_to(victoria_metrics, writer=f"agent-{node}") for node in "ab")
    cart = entity()
    series = Series(cart, "cpu_usage")
    await first.write(batch(rows(series, [0.2, 0.9, 0.2])))
    await second.write(batch(rows(series, [0.4, 0.4, 0.4])))
    await settled(second)
    found = await read(first, [cart])
    assert found == await read(second, [cart])
    assert found.series == (series,) * 3
    assert found.values.tolist() == [0.4, 0.9, 0.4]


async def test_an_own_client_is_closed_with_the_store(victoria_metrics):
    client = httpx.AsyncClient()
    await VictoriaMetricsStore(victoria_metrics, client=client).aclose()
    assert client.is_closed


@pytest.mark.parametrize("url", ["", "victoriametrics:8428", "ftp://host", "http://"])
def test_an_address_that_is_no_url_is_refused(url):
    with pytest.raises(ConfigError, match="is no URL like http://victoriametrics:8428"):
        open_store(url)
