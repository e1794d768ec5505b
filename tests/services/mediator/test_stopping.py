"""Whenever a mediator is told to stop, its tasks end: no cancellation is forgotten."""

import asyncio

import structlog

from causely_core.isolation import Unit, guarded
from causely_core.model import SystemClock

from ..shop import DEADLINE
from .worlds import mediator


async def test_a_judgement_that_ends_as_the_stop_comes_does_not_hide_it():
    unit = Unit("p0/limit", "detector", SystemClock(), structlog.get_logger())

    async def judge_forever():
        while True:
            await guarded(unit, lambda: None)

    for moment in range(70):
        judging = asyncio.create_task(judge_forever())
        await asyncio.sleep(0.0005 * (moment % 7))
        judging.cancel()
        ended, _ = await asyncio.wait([judging], timeout=DEADLINE)
        assert ended


async def test_a_stop_at_any_moment_after_the_start_is_prompt(tmp_path, analyzer, plugin):
    for moment in range(10):
        one = mediator(tmp_path / str(moment), analyzer.port, plugin, detection_interval=0.001)
        await one.start()
        plugin.observes(float(moment))
        await asyncio.sleep(0.002 * moment)
        async with asyncio.timeout(DEADLINE):
            await one.stop()
