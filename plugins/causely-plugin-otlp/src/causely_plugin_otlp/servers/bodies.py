"""Reading a request's body: decompressed, bounded in size, time and in what all bodies may hold together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.requests import Request

from causely_plugin_otlp.errors import TooLarge, TooSlow
from causely_plugin_otlp.room import Room
from causely_plugin_otlp.servers.encodings import decompressor_of


@asynccontextmanager
async def body_of(request: Request, limit: int, seconds: float, room: Room) -> AsyncIterator[bytes]:
    """The plain body of ``request``; its room is given back on leaving.

    Args:
        request: whose body is to be read.
        limit: bytes it may have once decompressed.
        seconds: in which it must have arrived.
        room: shared by all bodies.

    Raises:
        OtlpError: it is too large, too slow, not of its encoding, or there is no room for it.
    """
    pieces: list[bytes] = []
    try:
        try:
            async with asyncio.timeout(seconds):
                await _read(request, limit, room, pieces)
        except TimeoutError as problem:
            raise TooSlow(f"the body did not arrive within {seconds:g} s") from problem
        yield b"".join(pieces)
    finally:
        room.give(sum(map(len, pieces)))


async def _read(request: Request, limit: int, room: Room, pieces: list[bytes]) -> None:
    decompressor = decompressor_of(request.headers.get("content-encoding", ""))
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise TooLarge(f"the body has {announced} bytes; at most {limit} are taken")
    size = 0
    async for piece in request.stream():
        plain = decompressor.feed(piece, limit - size)
        room.take(len(plain))
        pieces.append(plain)
        size += len(plain)
    decompressor.end()
