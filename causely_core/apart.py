"""A thread with an event loop for the streams of one plugin: what blocks there holds up nobody else."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from typing import Any, TypeVar

from attrs import define, field

T = TypeVar("T")

_LOOKS = 4
"""Times that a loop which may be held up is asked whether it turns."""
_MOST_LEFT = 3
"""Threads of one plugin that may hang, left behind, before it gets no new one."""


class _Loop:
    """A running event loop in a thread of its own."""

    def __init__(self, name: str) -> None:
        self.loop = asyncio.new_event_loop()
        self.heard = time.monotonic()
        """When it was last seen to turn, on the monotonic clock."""
        self._thread = threading.Thread(target=self._run, name=f"plugin {name}", daemon=True)
        self._thread.start()

    @property
    def ended(self) -> bool:
        return not self._thread.is_alive()

    def ask(self) -> None:
        """Have it show that it turns."""
        self._soon(self._turns)

    def stop(self) -> None:
        """End once it turns."""
        self._soon(self.loop.stop)

    def begin(self, work: Callable[[], Coroutine[Any, Any, T]]) -> tuple[Future[T], Callable[[], None]]:
        """Run ``work`` there: what it comes to, once it has ended whatever way, and what cancels it."""
        ended: Future[T] = Future()
        tasks: list[asyncio.Task[None]] = []

        async def run() -> None:
            try:
                _settle(ended.set_result, await work())
            except asyncio.CancelledError:
                ended.cancel()
            except BaseException as problem:
                _settle(ended.set_exception, problem)

        self.loop.call_soon_threadsafe(lambda: tasks.append(self.loop.create_task(run())))
        return ended, lambda: self._soon(lambda: [task.cancel() for task in tasks])

    async def join(self, seconds: float) -> None:
        """Wait until it has ended, but no longer than that."""
        await asyncio.to_thread(self._thread.join, seconds)

    def _soon(self, do: Callable[[], object]) -> None:
        with suppress(RuntimeError):  # it has ended
            self.loop.call_soon_threadsafe(do)

    def _turns(self) -> None:
        self.heard = time.monotonic()

    def _run(self) -> None:
        try:
            self.loop.run_forever()
            self.loop.run_until_complete(_end_all())
        finally:
            self.loop.close()


@define(eq=False)
class Apart:
    """Runs what a plugin does on an event loop that is the plugin's alone. Used on one event loop itself.

    A loop that does not turn for ``patience`` seconds is left behind with its thread, which nothing can end, and
    what comes next gets a new one.

    Attributes:
        name: of the plugin.
        patience: seconds.
    """

    name: str
    patience: float
    _current: _Loop | None = field(default=None, init=False)
    _left: list[_Loop] = field(factory=list, init=False)

    async def run(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What ``work`` comes to; a cancellation is passed on to it.

        Raises:
            TimeoutError: its loop is held up, and it was left behind; or too many were.
        """
        at = self._loop()
        ended, cancel = at.begin(work)
        waiting = asyncio.wrap_future(ended)
        try:
            return await self._waited(waiting, at)
        except asyncio.CancelledError:
            cancel()
            with suppress(Exception, asyncio.CancelledError):
                await self._waited(waiting, at)
            raise

    def handing(self, sink: Callable[[T], Awaitable[None]]) -> Callable[[T], Awaitable[None]]:
        """A sink for there that awaits ``sink`` here; what a loop hands on that was left behind is dropped.

        It is older than what its successor has told.
        """
        here = asyncio.get_running_loop()

        async def take(item: T, handed_by: asyncio.AbstractEventLoop) -> None:
            if self._current is not None and self._current.loop is handed_by:
                await sink(item)

        async def hand(item: T) -> None:
            taking = take(item, asyncio.get_running_loop())
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(taking, here))

        return hand

    async def aclose(self) -> None:
        """End the thread, or leave it behind where it hangs."""
        if self._current is not None:
            self._current.stop()
            await self._current.join(min(1.0, self.patience))
            self._current = None

    def _loop(self) -> _Loop:
        self._left = [each for each in self._left if not each.ended]
        if self._current is None:
            if len(self._left) >= _MOST_LEFT:
                raise TimeoutError(f"{len(self._left)} of its threads hang; there are no more for it until one goes on")
            self._current = _Loop(self.name)
        return self._current

    async def _waited(self, waiting: asyncio.Future[T], at: _Loop) -> T:
        unanswered = 0
        while not waiting.done():
            asked = time.monotonic()
            at.ask()
            # Not wait_for: it would cancel what goes on.
            await asyncio.wait({waiting}, timeout=self.patience / _LOOKS)
            # Counted, not timed: while this event loop was held up itself, the other one has answered.
            unanswered = 0 if at.heard >= asked else unanswered + 1
            if unanswered >= _LOOKS and not waiting.done():
                self._leave(at)
                waiting.cancel()
                raise TimeoutError(
                    f"its event loop was held up for {self.patience:g} s; what blocks belongs in asyncio.to_thread"
                )
        return waiting.result()

    def _leave(self, at: _Loop) -> None:
        if at is self._current:
            self._current = None
            self._left.append(at)
            at.stop()


async def _end_all() -> None:
    """Cancel what still runs on this loop."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def _settle(set: Callable[[T], None], outcome: T) -> None:
    with suppress(InvalidStateError):  # nobody waits for it any more
        set(outcome)
