"""How a plugin treats a server that refuses: as a service drives its stream, and begins it anew after failures."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from typing import Any

import structlog
from attrs import define, field

from causely_core.isolation import Unit, supervise
from causely_core.model import ManualClock
from causely_core.testing.fix import fix, require
from causely_core.testing.loopback.messages import Request
from causely_core.testing.loopback.upstream import Upstream

RETRY_AFTER = 3.0
"""Seconds that the server asks for: more than a service waits at first before it begins a stream anew."""
SURGE = 0.5
"""Seconds after a refusal in which what was on its way still arrives."""
SLACK = 0.2
"""Seconds by which clocks may differ."""
WATCHED = 3.0
"""Seconds for which a server that fails is watched."""
SELDOM = 10
"""How often the same may be asked meanwhile: a service begins a stream anew four times, and clients may try twice."""
BACKED_OFF = 8.0
"""Seconds that a service may be waiting by itself when the server is well again."""
TICK = 0.02


@define(eq=False)
class Driven:
    """A stream and the server that it asks.

    Attributes:
        open_stream: begins the stream.
        server: that it asks.
        clock: flows while the stream is driven: plugins may wait by it.
        within: seconds in which the first item comes when all is well.
    """

    open_stream: Callable[[], Any]
    server: Upstream
    clock: ManualClock
    within: float
    _came: asyncio.Event = field(factory=asyncio.Event, init=False)
    _began: float = field(factory=time.monotonic, init=False)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Drive the stream as a service does."""
        unit = Unit("tested", "stream", self.clock, structlog.get_logger())
        tasks = [asyncio.create_task(supervise(unit, self.open_stream, self._take)), asyncio.create_task(self._flow())]
        self._began = time.monotonic()
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def first_asked(self) -> None:
        """Wait until the server was asked."""
        if not await _happens(lambda: bool(self.asked()), self.within):
            fix("the plugin asks nothing of `upstream`", "give the plugin `upstream.url` in the fixture `section`")

    async def recovers(self) -> None:
        """Let the server be well, and wait until the stream brings something."""
        self._came.clear()
        self.server.recover()
        within = self.within + BACKED_OFF
        told = f"nothing came within {within:g} s after the server was well again"
        if not await _happens(self._came.is_set, within):
            fix(told, "ask again when Retry-After is over, and otherwise at intervals that have a limit")

    def asked(self) -> list[Request]:
        """What the server was asked since the stream is driven."""
        return [request for request in list(self.server.asked) if request.at >= self._began]

    async def _take(self, item: Any) -> None:
        self._came.set()

    async def _flow(self) -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(TICK)
            self.clock.advance(time.monotonic() - before)


async def check_refused(driven: Driven) -> None:
    """The server answers 429 with ``Retry-After``, from the first request on."""
    driven.server.refuse(429, RETRY_AFTER)
    async with driven.running():
        await driven.first_asked()
        over = driven.asked()[0].at + RETRY_AFTER - SLACK
        await asyncio.sleep(over - time.monotonic())
        _require_patience([request for request in driven.asked() if request.at < over])
        await driven.recovers()


async def check_overloaded(driven: Driven) -> None:
    """The server answers 503, from the first request on."""
    driven.server.refuse(503)
    async with driven.running():
        await driven.first_asked()
        await asyncio.sleep(WATCHED)
        requests = driven.asked()
        ((_, times),) = Counter(map(_same, requests)).most_common(1)
        most = next(request for request in requests if Counter(map(_same, requests))[_same(request)] == times)
        told = f"{most.method} {most.path} is asked {times} times in {WATCHED:g} s while it answers 503"
        require(times <= SELDOM, told, "wait before it is tried again, longer each time, or raise the error")
        await driven.recovers()


def _require_patience(requests: list[Request]) -> None:
    refused: dict[Hashable, float] = {}
    for request in requests:
        since = request.at - refused.setdefault(_same(request), request.at)
        told = (
            f"{request.method} {request.path} is asked again {since:.1f} s after 429 with Retry-After: {RETRY_AFTER:g}"
        )
        require(since < SURGE, told, "wait in the stream for as long as Retry-After says")


def _same(request: Request) -> Hashable:
    """Equal for requests that differ in times and numbers only."""
    body = request.body.decode(errors="replace")
    return request.method, *(re.sub(r"[0-9.]+", "0", text) for text in (request.target, body))


async def _happens(condition: Callable[[], bool], within: float) -> bool:
    """Whether ``condition`` comes true within so many seconds."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() >= deadline:
            return False
        await asyncio.sleep(TICK)
    return True
