"""Waiting for a ring buffer to call, in a real kernel."""

import asyncio
import time

import pytest
from causely_plugin_ebpf.config import EbpfConfig
from causely_plugin_ebpf.probe import Probe

from causely_core.host import HostRoot


@pytest.fixture
def probe(compiled):
    """Of this machine."""
    loaded = Probe.load(EbpfConfig(), compiled, HostRoot())
    yield loaded
    loaded.close()


async def test_who_opens_a_connection_is_told_at_once(probe):
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    probe.take()
    begun = time.monotonic()
    waiting = asyncio.create_task(probe.called(60.0))
    await asyncio.sleep(0)
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    await waiting
    assert time.monotonic() - begun < 30.0
    assert len(probe.take()[0])
    writer.close()
    server.close()


async def test_a_wait_ends_when_nothing_calls(probe):
    async with asyncio.timeout(60.0):
        await probe.called(0.01)
        await probe.called(0.0)
