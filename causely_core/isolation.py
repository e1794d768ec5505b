"""Isolation: a failing plugin is timed, backed off and switched off for a while; nothing else suffers.

The circuit breaker is Nygard's (Release It!, 2007): after ``open_after`` failures in a row nothing is tried
for ``cool_down`` seconds, then one attempt decides whether it closes again.
"""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import suppress
from contextvars import copy_context
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from attrs import define, field, frozen

from causely_core.apart import Apart
from causely_core.metering import metered
from causely_core.model import Clock

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

T = TypeVar("T")


class UnitState(StrEnum):
    """What one collector, discoverer or detector is doing."""

    IDLE = "idle"
    RUNNING = "running"
    BACKING_OFF = "backing off"
    OPEN = "circuit open"
    STOPPED = "stopped"


@frozen
class IsolationPolicy:
    """How much a plugin may misbehave. All times in seconds.

    Attributes:
        deadline: one call of a hook or a detector may take this long.
        backoff_base: pause after the first failure; doubles with each further one, with full jitter.
        backoff_limit: longest pause between attempts.
        open_after: failures in a row that open the circuit.
        cool_down: how long an open circuit stays open.
        healthy_after: running this long forgets earlier failures.
    """

    deadline: float = 10.0
    backoff_base: float = 0.5
    backoff_limit: float = 30.0
    open_after: int = 5
    cool_down: float = 60.0
    healthy_after: float = 30.0

    def pause(self, failures: int) -> float:
        """Seconds to wait after so many failures in a row."""
        if failures >= self.open_after:
            return self.cool_down
        ceiling = min(self.backoff_limit, self.backoff_base * 2.0 ** (failures - 1))
        return ceiling * random.uniform(0.5, 1.0)


@define
class Unit:
    """One isolated thing a plugin brought, with what became of it.

    Attributes:
        name: ``<plugin>/<name>``.
        kind: ``collector``, ``discoverer``, ``detector`` or ``hook``.
        failures: in a row.
        seconds: of processor time that its calls and the steps of its stream took; threads and tasks that it starts
            by itself are left out.
        retry_at: when the next attempt is due, seconds since the epoch.
    """

    name: str
    kind: str
    clock: Clock
    logger: FilteringBoundLogger
    policy: IsolationPolicy = field(factory=IsolationPolicy)
    state: UnitState = UnitState.IDLE
    failures: int = 0
    total_failures: int = 0
    items: int = 0
    seconds: float = 0.0
    last_error: str = ""
    retry_at: float = 0.0

    def succeeded(self) -> None:
        """Forget the failures: it works."""
        self.state, self.failures = UnitState.RUNNING, 0

    def failed(self, problem: BaseException) -> float:
        """Record a failure and return how many seconds to wait before the next attempt."""
        self.failures += 1
        self.total_failures += 1
        self.last_error = _one_line(problem)
        self.state = UnitState.OPEN if self.failures >= self.policy.open_after else UnitState.BACKING_OFF
        pause = self.policy.pause(self.failures)
        self.retry_at = self.clock.now() + pause
        self.logger.warning("plugin failed", unit=self.name, error=self.last_error, retry_in=round(pause, 1))
        return pause

    def spend(self, seconds: float) -> None:
        """Count processor time of it."""
        self.seconds += seconds

    @property
    def due(self) -> bool:
        """Whether an attempt may be made now."""
        waiting = self.state in (UnitState.BACKING_OFF, UnitState.OPEN)
        return not waiting or self.clock.now() >= self.retry_at


async def guarded(unit: Unit, call: Callable[[], T]) -> T | None:
    """Run a plugin's synchronous ``call`` in a thread under the deadline; none if it fails or is not due."""
    answers = await guarded_each([(unit, call)])
    return answers[0] if answers else None


async def guarded_each(calls: Iterable[tuple[Unit, Callable[[], T]]]) -> list[T]:
    """Run calls of several units one after the other, each as :func:`guarded` would; the answers of those that work.

    One thread runs them all: to change threads for each takes longer than most calls do. A call over its deadline
    is left behind with its thread, and another one runs those after it.
    """
    waiting = [(unit, call) for unit, call in calls if unit.due]
    answers: list[T] = []
    while waiting:
        outcomes = await _in_one_thread(waiting)
        for (unit, _), outcome in zip(waiting, outcomes, strict=False):
            if isinstance(outcome, Exception):
                unit.failed(outcome)
            else:
                unit.succeeded()
                answers.append(outcome)
        waiting = waiting[len(outcomes) :]
    return answers


async def _in_one_thread(calls: list[tuple[Unit, Callable[[], T]]]) -> list[T | Exception]:
    """What each has answered or raised, to the last, or to the first that is over its deadline."""
    outcomes: list[T | Exception] = []
    given_up = threading.Event()

    def run() -> None:
        for unit, call in calls:
            if given_up.is_set():
                return
            began = time.thread_time()
            try:
                outcome: T | Exception = call()
            except Exception as problem:
                outcome = problem
            unit.spend(time.thread_time() - began)
            outcomes.append(outcome)

    running = asyncio.get_running_loop().run_in_executor(None, copy_context().run, run)
    try:
        while True:
            done = len(outcomes)
            deadline = calls[min(done, len(calls) - 1)][0].policy.deadline
            # Not wait_for: that of Python 3.11 forgets a cancellation that comes as the thread ends.
            await asyncio.wait({running}, timeout=deadline)
            if running.done():
                return outcomes
            if len(outcomes) == done:
                return [*outcomes[:done], TimeoutError(f"took longer than {deadline:g} s")]
    finally:
        given_up.set()


async def supervise(
    unit: Unit,
    open_stream: Callable[[], AsyncIterator[T]],
    sink: Callable[[T], Awaitable[None]],
    apart: Apart | None = None,
) -> None:
    """Drain a plugin's stream into ``sink`` for ever, starting it anew after each failure or end.

    A stream that ends by itself counts as failed: streams last until they are closed. Cancelling closes it.

    Args:
        unit: is told what becomes of it.
        open_stream: begins the stream.
        sink: awaited with each item, on this event loop.
        apart: where the stream runs; none for this event loop, which it must not hold up then.
    """
    try:
        while True:
            try:
                if apart is None:
                    await _drain(unit, open_stream(), sink)
                else:
                    await apart.run(partial(_drain_there, unit, open_stream, apart.handing(sink)))
            except Exception as problem:
                pause = unit.failed(problem)
            else:
                pause = unit.failed(EOFError("its stream ended"))
            await asyncio.sleep(pause)
    finally:
        unit.state = UnitState.STOPPED


async def _drain_there(
    unit: Unit, open_stream: Callable[[], AsyncIterator[T]], sink: Callable[[T], Awaitable[None]]
) -> None:
    await _drain(unit, open_stream(), sink)


async def _drain(unit: Unit, stream: AsyncIterator[T], sink: Callable[[T], Awaitable[None]]) -> None:
    started = unit.clock.now()
    unit.state = UnitState.RUNNING
    try:
        steps = aiter(stream)
        while True:
            try:
                item = await metered(anext(steps), unit.spend)
            except StopAsyncIteration:
                return
            unit.items += 1
            if unit.failures and unit.clock.now() - started >= unit.policy.healthy_after:
                unit.succeeded()
            await sink(item)
    finally:
        await _close(unit, stream)


async def _close(unit: Unit, stream: AsyncIterator[T]) -> None:
    """Let the plugin release what it holds; one that hangs in its ``finally`` is left behind."""
    aclose = getattr(stream, "aclose", None)
    if aclose is not None:
        with suppress(TimeoutError, Exception):
            async with asyncio.timeout(unit.policy.deadline):
                await aclose()


def _one_line(problem: BaseException) -> str:
    return f"{type(problem).__name__}: {' '.join(str(problem).split())}"[:300]
