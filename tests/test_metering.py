"""Metering awaits as ``await`` does: answers, errors and cancellations pass through."""

import asyncio

import pytest

from causely_core.metering import metered


async def double(value):
    await asyncio.sleep(0)
    return 2 * value


async def fail():
    await asyncio.sleep(0)
    raise ValueError("no")


async def test_the_answer_passes():
    spent = []
    assert await metered(double(2), spent.append) == 4
    assert len(spent) == 2
    assert all(seconds >= 0.0 for seconds in spent)


async def test_an_error_passes():
    with pytest.raises(ValueError, match="no"):
        await metered(fail(), lambda _: None)


async def test_a_future_can_be_metered():
    future = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(future.set_result, 7)
    assert await metered(future, lambda _: None) == 7


async def test_a_cancellation_reaches_whoever_waits_and_may_be_answered():
    async def patient():
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await asyncio.sleep(0)
            return "released"

    task = asyncio.create_task(metered_call(patient()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    assert await task == "released"


async def metered_call(work):
    return await metered(work, lambda _: None)


async def test_the_end_of_a_stream_passes():
    async def stream():
        yield 1

    one = stream()
    assert await metered(anext(one), lambda _: None) == 1
    with pytest.raises(StopAsyncIteration):
        await metered(anext(one), lambda _: None)
