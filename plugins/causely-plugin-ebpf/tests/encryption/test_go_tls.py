"""What Go programs say over TLS, on this machine: a real server and real clients, both stripped. As root, with bcc."""

import asyncio
import os
import subprocess
import time
from contextlib import asynccontextmanager

import pytest

from ..conftest import DEADLINE, free_port, process
from .conftest import NOT_INLINED, STRIPPED

EDGE = "Dependency:go-asks > Service:go-answers"
FIRST, GOOD, BAD = (f"Operation:go-answers:GET /{path}" for path in ("first", "carts/{id}", "bad"))


@asynccontextmanager
async def named(name, *command, **options):
    async with process(*map(str, command), env=os.environ | {"OTEL_SERVICE_NAME": name}, **options) as started:
        yield started


def asking(talking, *arguments, name="go-asks"):
    """A client that stays when it has asked: whose a process was cannot be read any more when it has ended."""
    return named(name, talking, "ask", *arguments, stdin=subprocess.PIPE)


@pytest.fixture
async def server(watching, talking):
    """The port of a server that is read along with by now."""
    port, deadline = free_port(), time.monotonic() + DEADLINE
    async with named("go-answers", talking, "serve", port, port=port):
        while not watching.total(FIRST, "request_count"):
            assert time.monotonic() < deadline, "nothing is read that a Go program says"
            async with asking(talking, "http1", port, "/first", 1, 1, name="go-tries") as first:
                await asyncio.to_thread(first.communicate, b"")
        yield port


WAYS = [("http1", (STRIPPED,)), ("http2", (STRIPPED,)), ("bare", (STRIPPED,)), ("bare", (STRIPPED, NOT_INLINED))]


@pytest.mark.parametrize(("how", "talking"), WAYS, indirect=["talking"])
async def test_both_ends_tell_each_request_over_tls(watching, server, talking, how):
    times, at_once = 40, 8
    count = times * at_once
    async with asking(talking, how, server, "/carts/#", times, at_once), asking(talking, how, server, "/bad", 3, 2):
        await watching.until(lambda: watching.total(GOOD, "request_count") >= count)
        await watching.until(lambda: watching.total(BAD, "request_count") >= 6)
        await watching.until(lambda: watching.total(EDGE, "request_count") >= count + 6)
    assert watching.total(GOOD, "request_count") == count
    assert watching.total(BAD, "request_count") == 6
    assert watching.total(EDGE, "request_count") == count + 6
    assert set(watching.all(GOOD, "error_rate")) == {0.0}
    assert set(watching.all(BAD, "error_rate")) == {1.0}
    assert 0.0 < max(watching.all(EDGE, "error_rate")) <= 1.0
