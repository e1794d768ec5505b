"""What a plugin remembers of each round, and should not."""

from __future__ import annotations

import asyncio
import gc
import inspect
import time
import tracemalloc
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from causely_core.model import ManualClock
from causely_core.testing.contracts.streams import first, opened
from causely_core.testing.fix import require

ROUNDS = 60
"""Items of which memory is measured, twice; fewer where they come slowly."""
LONGEST = 1.0
"""Seconds that each measurement may take."""
AT_ONCE = 0.01
"""Seconds in which the next item must come, or the stream is opened anew: with intervals that are longer, each round
is the first of a stream."""
FRAMES = 8
"""Callers that are looked at for each piece of memory, to tell the plugin's from others."""
PER_ROUND = 256
"""Bytes that each round may leave behind, as statistics do that are bounded only later."""
KEPT = 32 * 1024
"""Bytes that may come and go."""


async def check_remembering(
    open_stream: Callable[[], Any], clock: ManualClock, within: float, kept: int = KEPT
) -> None:
    """Read many items, and see that the memory that they took is given back, but for ``kept`` bytes.

    Only what grows in each of two measurements is told, as caches fill once, and of that what the plugin asked for.
    """
    await _read(open_stream, clock, within, ROUNDS // 10)
    tracemalloc.start(FRAMES)
    try:
        sizes, rounds = [_held()], []
        for _ in range(2):
            rounds.append(await _read(open_stream, clock, within, ROUNDS))
            sizes.append(_held())
        limits = [max(kept, PER_ROUND * times) for times in rounds]
        if all(after - before > limit for (before, after), limit in zip(pairwise(sizes), limits, strict=True)):
            _require_little(_held_by(open_stream), sum(limits), sum(rounds))
    finally:
        tracemalloc.stop()


def _require_little(kept: int, limit: int, rounds: int) -> None:
    told = f"{kept // 1024} KiB are kept of {rounds} rounds in which nothing changed"
    require(kept <= limit, told, "forget what is over, or give what is remembered a limit")


async def _read(open_stream: Callable[[], Any], clock: ManualClock, within: float, rounds: int) -> int:
    """Read so many items, as far as they come in time; how many came."""
    read, deadline = 0, time.monotonic() + LONGEST
    while read < rounds and time.monotonic() < deadline:
        async with opened(open_stream) as stream:
            await first(stream, within)
            read += 1
            while read < rounds and await _next(stream):
                read += 1
                clock.advance(1.0)
    return read


async def _next(stream: Any) -> bool:
    try:
        async with asyncio.timeout(AT_ONCE):
            await anext(stream)
    except (TimeoutError, StopAsyncIteration):
        return False
    return True


def _held() -> int:
    """Bytes that are held now of what was asked for since the measurement began."""
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def _held_by(open_stream: Callable[[], Any]) -> int:
    """The part of it that the plugin's code asked for."""
    files = tracemalloc.Filter(True, _files_of(open_stream), all_frames=True)
    return sum(trace.size for trace in tracemalloc.take_snapshot().filter_traces([files]).traces)


def _files_of(open_stream: Callable[[], Any]) -> str:
    """A pattern of the files of the plugin: its package, or its one module."""
    source = Path(inspect.getfile(inspect.unwrap(open_stream)))
    return str(source.parent / "*") if (source.parent / "__init__.py").exists() else str(source)
