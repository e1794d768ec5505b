"""Starting parts in order, waiting for a signal, and stopping them in reverse."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Protocol

from structlog.typing import FilteringBoundLogger


class Part(Protocol):
    """Anything that is started and stopped."""

    async def start(self) -> None:
        """Begin; raises when it cannot."""
        ...

    async def stop(self) -> None:
        """End and release everything."""
        ...


async def run_until_signal(parts: Sequence[Part], logger: FilteringBoundLogger) -> None:
    """Start ``parts`` in order, run until SIGTERM or SIGINT, stop them in reverse."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    async with AsyncExitStack() as stack:
        for part in parts:
            await part.start()
            stack.push_async_callback(part.stop)
        logger.info("started")
        await stopping.wait()
        logger.info("stopping")
