"""When the loop takes its next turn."""

import asyncio

import pytest

from causely_core.model import ManualClock
from causely_core.services.analyzer.pacing import Pacing


async def waits(pacing, busy, due):
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await pacing.turn(busy, due)
    return True


@pytest.fixture
def pacing():
    return Pacing(ManualClock(100.0), gap=0.0, refresh=0.02)


async def test_nothing_to_do_waits_for_a_change(pacing):
    assert await waits(pacing, busy=False, due=None)
    turn = asyncio.create_task(pacing.turn(False, None))
    pacing.change()
    await asyncio.wait_for(turn, 5.0)
    assert await waits(pacing, busy=False, due=None)


async def test_a_change_before_the_turn_counts(pacing):
    pacing.change()
    await asyncio.wait_for(pacing.turn(False, None), 5.0)


async def test_activity_is_looked_at_again(pacing):
    await asyncio.wait_for(pacing.turn(True, None), 5.0)


async def test_what_is_due_is_not_waited_for_longer(pacing):
    pacing.refresh = 60.0
    await asyncio.wait_for(pacing.turn(True, 99.0), 5.0)
    assert await waits(pacing, busy=True, due=130.0)


async def test_two_turns_are_apart(pacing):
    pacing.gap = 60.0
    pacing.change()
    assert await waits(pacing, busy=True, due=99.0)
