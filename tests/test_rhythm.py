"""Working at intervals: whoever does so is woken at the same moments."""

import asyncio

import pytest

from causely_core.rhythm import beat


async def test_those_with_the_same_interval_are_woken_together():
    loop, woken = asyncio.get_running_loop(), []

    async def work(begins):
        await asyncio.sleep(begins)
        await beat(0.2)
        woken.append(loop.time())

    await asyncio.gather(*(work(begins) for begins in (0.0, 0.01, 0.02)))
    phases = [time % 0.2 for time in woken]
    assert max(phases) < 0.15
    assert len({round(time / 0.2 - 0.25) for time in woken}) <= 2


@pytest.mark.parametrize("interval", [0.01, 0.05])
async def test_no_wait_is_shorter_than_half_an_interval(interval):
    loop = asyncio.get_running_loop()
    for _ in range(10):
        begun = loop.time()
        await beat(interval)
        assert loop.time() - begun >= interval * 0.499
