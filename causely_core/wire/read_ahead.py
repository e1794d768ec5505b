"""Reading a stream ahead of its consumer, so that what has gathered is taken in one go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Generic, TypeAlias, TypeVar

from attrs import frozen

T = TypeVar("T")


@frozen
class _Item(Generic[T]):
    value: T


@frozen
class _End:
    error: Exception | None = None


_Queue: TypeAlias = "asyncio.Queue[_Item[T] | _End]"


@asynccontextmanager
async def read_ahead(items: AsyncIterator[T], limit: int) -> AsyncIterator[AsyncIterator[list[T]]]:
    """Iterate ``items`` in non-empty lists of what is there, at most ``limit``, never waiting for more.

    Up to ``limit`` items are held in advance. What ``items`` raises is raised after the items before it.
    """
    queue: _Queue[T] = asyncio.Queue(limit)
    reader = asyncio.create_task(_read(items, queue))
    try:
        yield _batches(queue, limit)
    finally:
        reader.cancel()
        await asyncio.wait([reader])


async def _read(items: AsyncIterator[T], queue: _Queue[T]) -> None:
    end = _End()
    try:
        async for item in items:
            await queue.put(_Item(item))
    except Exception as error:
        end = _End(error)
    await queue.put(end)


async def _batches(queue: _Queue[T], limit: int) -> AsyncIterator[list[T]]:
    while True:
        entry = await queue.get()
        batch: list[T] = []
        while isinstance(entry, _Item):
            batch.append(entry.value)
            if len(batch) == limit or queue.empty():
                break
            entry = queue.get_nowait()
        if batch:
            yield batch
        if isinstance(entry, _End):
            if entry.error is not None:
                raise entry.error
            return
