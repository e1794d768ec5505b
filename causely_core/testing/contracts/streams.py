"""Reading a plugin's stream as a service does, and stopping it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

from causely_core.testing.contracts.leaks import held
from causely_core.testing.fix import fix, require

CLOSE_WITHIN = 3.0
"""Seconds in which a stream must have closed."""

ROUNDS = 3
"""Times that a stream is opened in search of leaks: what stays after the first time only is a cache."""


LOOKS = 20
"""Times that one looks within these seconds whether all is released."""


@asynccontextmanager
async def opened(open_stream: Callable[[], Any]) -> AsyncIterator[AsyncGenerator[Any, None]]:
    """A stream, which is closed at the end; fails when that takes too long."""
    stream = open_stream()
    require(
        hasattr(stream, "__anext__") and hasattr(stream, "aclose"),
        f"the stream is a {type(stream).__name__}",
        "make it an `async def` with `yield`",
    )
    try:
        yield cast("AsyncGenerator[Any, None]", stream)
    finally:
        await _in_time(asyncio.ensure_future(stream.aclose()), "closed")


async def first(stream: AsyncGenerator[Any, None], within: float) -> Any:
    """The next item of ``stream``, which must come within so many seconds."""
    try:
        async with asyncio.timeout(within):
            return await anext(stream)
    except TimeoutError:
        fix(f"nothing came within {within:g} s", "yield what there is at once, then at intervals")
    except StopAsyncIteration:
        fix("the stream ended by itself", "wait for more until it is closed: `await asyncio.Event().wait()`")


async def check_cancelling(open_stream: Callable[[], Any], within: float) -> None:
    """Cancel whoever reads the stream while it waits, and see that it ends at once."""
    arrived, given_up = asyncio.Event(), asyncio.Event()

    async def read() -> None:
        async with opened(open_stream) as stream:
            await first(stream, within)
            arrived.set()
            async for _ in stream:
                if given_up.is_set():  # or a stream that cannot be cancelled would hold up the end of the tests
                    return

    reading = asyncio.create_task(read())
    await asyncio.wait({reading, waiting := asyncio.create_task(arrived.wait())}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if not reading.done():
        await asyncio.sleep(0)
        reading.cancel()
    try:
        await _in_time(reading, "cancelled")
    finally:
        given_up.set()


async def check_releasing(open_stream: Callable[[], Any], within: float) -> None:
    """Open and close the stream several times, and see that nothing is left open."""
    before: Counter[str] = Counter()
    for round in range(ROUNDS):
        async with opened(open_stream) as stream:
            await first(stream, within)
        if round == 0:
            before = held()
    left = _more_than(before)
    for _ in range(LOOKS):
        if not left:
            return
        await asyncio.sleep(CLOSE_WITHIN / LOOKS)  # a server's connections may end a little later
        left = _more_than(before)
    fix(f"closing the stream leaves {', '.join(left)}", "release it in a `finally` of the stream")


def _more_than(before: Counter[str]) -> list[str]:
    return [name for name, times in (held() - before).items() if times >= ROUNDS - 1]


async def _in_time(work: asyncio.Future[Any], done: str) -> None:
    await asyncio.wait({work}, timeout=CLOSE_WITHIN)
    if not work.done():
        work.cancel()
        fix(
            f"the stream has not ended {CLOSE_WITHIN:g} s after it was {done}",
            "let CancelledError and GeneratorExit pass, and do nothing slow in `finally`",
        )
    if not work.cancelled() and (problem := work.exception()):
        raise problem
