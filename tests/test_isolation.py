"""Isolation: a failing plugin is timed, backed off and switched off; a working one is left alone."""

import asyncio
import threading
import time

import pytest
import structlog
from attrs import evolve

from causely_core.isolation import IsolationPolicy, Unit, UnitState, guarded, guarded_each, supervise
from causely_core.model import ManualClock, SystemClock

QUICK = IsolationPolicy(deadline=0.2, backoff_base=0.001, backoff_limit=0.002, open_after=3, cool_down=0.01)


def unit(clock=None, policy=QUICK):
    return Unit("plugin/thing", "collector", clock or SystemClock(), structlog.get_logger(), policy)


async def settle(condition, seconds=5.0):
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.001)


async def test_a_stream_reaches_the_sink_in_order():
    seen, subject = [], unit()

    async def stream():
        for number in range(3):
            yield number
        await asyncio.Event().wait()

    async def sink(item):
        seen.append(item)

    task = asyncio.create_task(supervise(subject, stream, sink))
    await settle(lambda: len(seen) == 3)
    assert seen == [0, 1, 2]
    assert (subject.state, subject.items) == (UnitState.RUNNING, 3)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert subject.state is UnitState.STOPPED


async def test_a_stream_that_fails_is_started_anew_until_the_circuit_opens():
    starts, subject = [], unit(policy=evolve(QUICK, cool_down=60.0))

    async def stream():
        starts.append(1)
        raise ValueError("no\nroute")
        yield

    async def sink(item): ...

    task = asyncio.create_task(supervise(subject, stream, sink))
    await settle(lambda: subject.state is UnitState.OPEN)
    assert len(starts) == QUICK.open_after
    assert subject.last_error == "ValueError: no route"
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_stream_that_ends_counts_as_failed():
    subject = unit(policy=evolve(QUICK, backoff_base=60.0, backoff_limit=60.0))

    async def stream():
        yield 1

    async def sink(item): ...

    task = asyncio.create_task(supervise(subject, stream, sink))
    await settle(lambda: subject.state is UnitState.BACKING_OFF)
    assert "ended" in subject.last_error
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_cancelling_closes_the_stream():
    closed = asyncio.Event()

    async def stream():
        try:
            yield 1
            await asyncio.Event().wait()
        finally:
            closed.set()

    async def sink(item): ...

    subject = unit()
    task = asyncio.create_task(supervise(subject, stream, sink))
    await settle(lambda: subject.items == 1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert closed.is_set()


async def test_a_call_returns_its_answer():
    subject = unit()
    assert await guarded(subject, lambda: 42) == 42
    assert subject.state is UnitState.RUNNING


async def test_a_call_over_its_deadline_is_given_up():
    release = threading.Event()
    subject = unit(policy=evolve(QUICK, deadline=0.01))
    assert await guarded(subject, release.wait) is None
    assert "took longer than 0.01 s" in subject.last_error
    release.set()


async def test_of_many_calls_one_that_fails_and_one_that_hangs_are_left_out_alone():
    release = threading.Event()
    calls = {"first": lambda: 1, "broken": lambda: 1 // 0, "hanging": release.wait, "last": lambda: 2}
    units = {name: evolve(unit(policy=evolve(QUICK, deadline=0.05)), name=name) for name in calls}
    answers = await guarded_each((units[name], call) for name, call in calls.items())
    release.set()
    assert answers == [1, 2]
    assert [name for name, each in units.items() if each.failures] == ["broken", "hanging"]
    assert "took longer than 0.05 s" in units["hanging"].last_error


async def test_many_calls_together_may_take_longer_than_the_deadline_of_each():
    subject = unit(policy=evolve(QUICK, deadline=0.5))
    assert await guarded_each([(subject, lambda: time.sleep(0.15))] * 4) == [None] * 4
    assert not subject.total_failures


async def test_an_open_circuit_is_not_tried_before_it_cooled_down():
    clock = ManualClock(1000.0)
    subject = unit(clock, evolve(QUICK, cool_down=30.0))
    calls = []

    def fail():
        calls.append(clock.now())
        raise RuntimeError("broken")

    for _ in range(QUICK.open_after):
        await guarded(subject, fail)
        clock.advance(1.0)
    assert subject.state is UnitState.OPEN
    assert await guarded(subject, fail) is None
    assert len(calls) == QUICK.open_after
    clock.advance(30.0)
    assert await guarded(subject, lambda: "works") == "works"
    assert (subject.state, subject.failures) == (UnitState.RUNNING, 0)


@pytest.mark.parametrize("failures", [1, 2, 5])
def test_pauses_grow_and_stay_below_their_limit(failures):
    policy = IsolationPolicy(open_after=10)
    assert 0 < policy.pause(failures) <= min(policy.backoff_limit, policy.backoff_base * 2 ** (failures - 1))


def work(seconds):
    """Keep a processor busy."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


async def test_the_cost_of_a_stream_is_what_its_own_steps_take():
    seen, subject = [], unit()

    async def stream():
        for number in range(3):
            work(0.02)
            await asyncio.sleep(0.05)
            yield number
        await asyncio.Event().wait()

    async def sink(item):
        work(0.1)
        seen.append(item)

    task = asyncio.create_task(supervise(subject, stream, sink))
    await settle(lambda: len(seen) == 3)
    assert 0.06 <= subject.seconds < 0.15
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert subject.state is UnitState.STOPPED


async def test_the_cost_of_calls_is_counted_for_whoever_was_called():
    busy, idle = unit(), unit()
    await guarded_each([(busy, lambda: work(0.03)), (idle, lambda: time.sleep(0.03))])
    assert 0.03 <= busy.seconds < 0.2
    assert idle.seconds < 0.02
