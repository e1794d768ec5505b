"""One thread for all that touches the database, so that the event loop never waits for a disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from attrs import define, field

T = TypeVar("T")


def _thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "casebook")


@define(eq=False)
class Worker:
    """Runs one function at a time, in the order asked."""

    _executor: ThreadPoolExecutor = field(factory=_thread, init=False)

    async def do(self, work: Callable[[], T]) -> T:
        """Run ``work`` and return its result or raise what it raises."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)

    async def stop(self) -> None:
        """Finish what was asked and end the thread."""
        await asyncio.to_thread(self._executor.shutdown)
