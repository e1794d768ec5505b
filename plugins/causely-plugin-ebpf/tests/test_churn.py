"""Connections that come and go leave nothing behind. On this machine, as root, with bcc and nginx; else these skip."""

import asyncio
import gc
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest
from causely_plugin_ebpf.connection import address

from .conftest import process

CHURNING = str(Path(__file__).parent / "churning.py")
ROUND = 1500
ASKED = "Operation:nginx:GET /churn"
OURS = {"Service:churn", "Service:nginx"}
LEAK = 200
"""Bytes a connection: less than what is known of one end, more than tables that are larger once than another time."""


@pytest.fixture
async def churn(nginx, watching):
    """Opens and closes so many connections to nginx; ends when all are counted, and none is followed any more."""
    named = {**os.environ, "OTEL_SERVICE_NAME": "churn"}
    async with process(sys.executable, CHURNING, str(nginx), stdin=subprocess.PIPE, env=named) as churning:

        async def connections(count):
            before = watching.total(ASKED, "request_count")
            churning.stdin.write(f"{count}\n".encode())
            churning.stdin.flush()
            assert await asyncio.to_thread(churning.stdout.readline) == b"done\n"
            await watching.until(lambda: watching.total(ASKED, "request_count") >= before + count)
            await watching.until(lambda: followed(watching) == 0)

        yield connections


def followed(watching):
    """Connections of the two services that the test runs; others of the machine come and go as they like."""
    return sum(1 for each in watching.watcher.feed.connections if each.owner and each.owner.service in OURS)


def kept():
    """Bytes that our own code holds, without what it remembers of so many addresses and no more."""
    address.cache_clear()
    gc.collect()
    ours = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(True, "*/causely_*")])
    return sum(each.size for each in ours.statistics("filename"))


async def test_every_connection_is_counted_once_and_none_is_followed_when_it_is_closed(watching, churn):
    await churn(ROUND)
    assert watching.total(ASKED, "request_count") == ROUND
    assert watching.watcher.feed.connections.forgotten == 0


@pytest.mark.alone  # what others of the machine have open at the time would count
async def test_nothing_grows_with_the_number_of_connections(watching, churn):
    await churn(ROUND)
    tracemalloc.start()
    try:
        await churn(ROUND)
        first = kept()
        await churn(ROUND)
        assert (kept() - first) / ROUND < LEAK
    finally:
        tracemalloc.stop()
    assert {each for each in watching.topology.entities if each in OURS or "GET /churn" in each} <= OURS | {ASKED}
