"""The tasks of one part: they live and end together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import Any

from attrs import define, field
from structlog.typing import FilteringBoundLogger


@define(eq=False)
class Tasks:
    """What a part does all the time."""

    _running: list[asyncio.Task[Any]] = field(factory=list, init=False)

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run ``work`` until it ends or :meth:`stop`; when it fails, the part is not ready any more."""
        self._running.append(asyncio.create_task(work))

    def not_ready(self) -> str:
        """Why the part is not ready; empty when it is."""
        failed = [task for task in self._running if task.done() and (task.cancelled() or task.exception())]
        return "a stream has ended" if failed else "" if self._running else "not started"

    async def stop(self) -> None:
        """Cancel what runs and wait for it."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)


async def attempt(logger: FilteringBoundLogger, what: str, work: Awaitable[object]) -> bool:
    """Await ``work``; when it fails that is logged, and the answer is false."""
    try:
        await work
    except Exception as problem:
        logger.exception(f"{what} failed", error=str(problem))
        return False
    return True
