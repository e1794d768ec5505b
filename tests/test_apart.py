"""A loop apart: what blocks there blocks nobody here, and something new can run after it."""

import asyncio
import threading
import time

import pytest

from causely_core.apart import Apart

PATIENCE = 0.3


@pytest.fixture
async def apart():
    made = Apart("acme", PATIENCE)
    yield made
    await made.aclose()


async def _thread():
    return threading.current_thread()


async def test_work_runs_in_a_thread_of_its_own_and_always_in_the_same(apart):
    first, second = await apart.run(_thread), await apart.run(_thread)
    assert first is second is not threading.current_thread()


async def test_what_it_raises_is_raised(apart):
    async def fail():
        raise ValueError("no such zone")

    with pytest.raises(ValueError, match="no such zone"):
        await apart.run(fail)


async def test_what_blocks_holds_up_nobody_here_and_is_left_behind(apart):
    held, ticks = threading.Event(), 0

    async def block():
        held.wait(60)

    running = asyncio.create_task(apart.run(block))
    while not running.done():
        await asyncio.sleep(0.01)
        ticks += 1
    held.set()
    with pytest.raises(TimeoutError, match=r"was held up for 0\.3 s"):
        await running
    assert ticks >= 10
    assert await apart.run(_thread)


async def test_what_waits_for_long_is_not_taken_for_blocked(apart):
    async def wait():
        await asyncio.sleep(4 * PATIENCE)
        return "done"

    assert await apart.run(wait) == "done"


async def test_there_are_no_threads_without_end_for_one_that_blocks_each_time(apart):
    held = threading.Event()

    async def block():
        held.wait(60)

    for _ in range(3):
        with pytest.raises(TimeoutError, match="held up"):
            await apart.run(block)
    with pytest.raises(TimeoutError, match="3 of its threads hang"):
        await apart.run(block)
    held.set()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            assert await apart.run(_thread)
            return
        except TimeoutError:
            await asyncio.sleep(0.01)
    pytest.fail("no thread though none hangs any more")


async def test_a_cancellation_is_passed_on_and_waited_for(apart):
    ended = []

    async def work():
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.05)
            ended.append(threading.current_thread())

    running = asyncio.create_task(apart.run(work))
    await apart.run(_thread)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert ended == [await apart.run(_thread)]


async def test_items_are_taken_here(apart):
    taken = []

    async def sink(item):
        taken.append((item, threading.current_thread()))

    hand = apart.handing(sink)
    await apart.run(lambda: hand("batch"))
    assert taken == [("batch", threading.current_thread())]


async def test_what_was_held_up_hands_nothing_on_after_it_was_left_behind(apart):
    held, taken, woken = threading.Event(), [], threading.Event()

    async def sink(item):
        taken.append(item)

    hand = apart.handing(sink)

    async def block():
        held.wait(60)
        woken.set()
        await hand("old")

    with pytest.raises(TimeoutError, match="held up"):
        await apart.run(block)
    held.set()
    await asyncio.to_thread(woken.wait, 20)
    await apart.run(lambda: hand("new"))
    assert taken == ["new"]
