"""Starting parts in order and stopping them in reverse, with real signals."""

import asyncio
import os
import signal

import pytest
import structlog
from attrs import define

from causely_core.services.runtime import run_until_signal


@define
class Part:
    name: str
    story: list
    fails: bool = False
    signals: int = 0

    async def start(self):
        if self.fails:
            raise OSError(f"{self.name} cannot start")
        self.story.append(f"start {self.name}")
        if self.signals:
            asyncio.get_running_loop().call_soon(os.kill, os.getpid(), self.signals)

    async def stop(self):
        self.story.append(f"stop {self.name}")


@pytest.fixture(autouse=True)
def signals_as_before():
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_stops_the_parts_in_reverse(number):
    story = []
    parts = [Part("store", story), Part("server", story, signals=number)]
    async with asyncio.timeout(20.0):
        await run_until_signal(parts, structlog.get_logger())
    assert story == ["start store", "start server", "stop server", "stop store"]


async def test_what_a_guard_raises_stops_the_parts_and_is_raised():
    async def fail():
        raise ValueError("too much")

    story = []
    async with asyncio.timeout(20.0):
        with pytest.raises(ValueError, match="too much"):
            await run_until_signal([Part("store", story)], structlog.get_logger(), asyncio.Event().wait, fail)
    assert story == ["start store", "stop store"]


async def test_a_part_that_cannot_start_stops_those_before_it():
    story = []
    parts = [Part("store", story), Part("server", story, fails=True), Part("late", story)]
    with pytest.raises(OSError, match="server cannot start"):
        await run_until_signal(parts, structlog.get_logger())
    assert story == ["start store", "stop store"]
