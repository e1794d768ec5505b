"""An ASGI application inside a service's own loop, over real HTTP."""

import asyncio
import signal

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from causely_core.errors import UnavailableError
from causely_core.services.http import HttpServer, bind


@pytest.fixture
def entered():
    return asyncio.Event()


@pytest.fixture
def left():
    return asyncio.Event()


@pytest.fixture
async def server(entered, left):
    async def hello(request):
        return PlainTextResponse("hello")

    async def slow(request):
        entered.set()
        await left.wait()
        return PlainTextResponse("done")

    server = HttpServer(Starlette(routes=[Route("/", hello), Route("/slow", slow)]), "127.0.0.1:0")
    assert server.port == 0
    await server.start()
    yield server
    await server.stop()


async def get(server, path="/"):
    async with httpx.AsyncClient(timeout=20.0) as client:
        return (await client.get(f"http://127.0.0.1:{server.port}{path}")).text


async def test_requests_are_answered_from_the_start(server):
    assert await get(server) == "hello"


async def test_an_open_request_is_finished_before_the_stop(server, entered, left):
    asked = asyncio.create_task(get(server, "/slow"))
    await entered.wait()
    stopping = asyncio.create_task(server.stop())
    asyncio.get_running_loop().call_soon(left.set)
    assert await asked == "done"
    await stopping


async def test_the_port_is_free_after_the_stop(server):
    port = server.port
    await server.stop()
    bind(f"127.0.0.1:{port}").close()


async def test_stopping_what_was_never_started_is_harmless():
    await HttpServer(None, "127.0.0.1:0").stop()


async def test_the_signals_of_the_process_are_left_alone():
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    server = HttpServer(Starlette(), "127.0.0.1:0")
    await server.start()
    assert await get(server) == "Not Found"
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)] == before
    await server.stop()


async def test_an_address_of_another_machine_is_one_clear_error():
    with pytest.raises(UnavailableError, match=r"cannot listen on 192\.0\.2\.1:0: "):
        await HttpServer(None, "192.0.2.1:0").start()
