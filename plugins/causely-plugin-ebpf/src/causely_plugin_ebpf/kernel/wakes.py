"""Waiting for a BPF ring buffer to call, in an event loop."""

from __future__ import annotations

import asyncio
import select
from contextlib import suppress


class Wakes:
    """The calls of some rings.

    The kernel calls when a record is submitted to a ring of which all before was read, or when a program demands it
    (bpf-helpers(7), ``bpf_ringbuf_submit``); not, because there is something to read.
    """

    def __init__(self, rings: list[int]) -> None:
        """Hear of ``rings``, descriptors of maps."""
        self._calls = select.epoll()
        for ring in rings:
            self._calls.register(ring, select.EPOLLIN | select.EPOLLET)

    async def wait(self, seconds: float) -> None:
        """Return when a ring calls, or has called since the last time, and after ``seconds`` at the latest."""
        loop, called = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._calls, called.set)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await called.wait()
        finally:
            loop.remove_reader(self._calls)
            self._calls.poll(0)

    def close(self) -> None:
        """Hear nothing more."""
        self._calls.close()
