"""Starting parts in order, waiting for a signal, and stopping them in reverse."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from typing import Any, Protocol

from structlog.typing import FilteringBoundLogger


class Part(Protocol):
    """Anything that is started and stopped."""

    async def start(self) -> None:
        """Begin; raises when it cannot."""
        ...

    async def stop(self) -> None:
        """End and release everything."""
        ...


async def run_until_signal(
    parts: Sequence[Part], logger: FilteringBoundLogger, *guards: Callable[[], Coroutine[Any, Any, None]]
) -> None:
    """Start ``parts`` in order, run until SIGTERM or SIGINT, stop them in reverse.

    Args:
        parts: to run.
        logger: is told when all run, and when they stop.
        guards: run beside them; when one raises, all stop as after a signal, and that is raised.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    async with AsyncExitStack() as stack:
        for part in parts:
            await part.start()
            stack.push_async_callback(part.stop)
        logger.info("started")
        try:
            await _first(stopping.wait(), *(guard() for guard in guards))
        finally:
            logger.info("stopping")


async def _first(*works: Coroutine[Any, Any, Any]) -> None:
    """Wait until one of ``works`` ends, end the others, and raise what it raised."""
    tasks = [asyncio.create_task(work) for work in works]
    ended, others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for other in others:
        other.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    for task in ended:
        task.result()
