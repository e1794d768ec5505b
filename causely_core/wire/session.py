"""One stream of a receiver: from the greeting to its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable

from attrs import define, field

from causely_core.wire.convert import update_from_pb
from causely_core.wire.cursor import Apply, Cursor, Sender
from causely_core.wire.dialect import Request
from causely_core.wire.errors import WireError
from causely_core.wire.pb import update_pb2
from causely_core.wire.read_ahead import read_ahead
from causely_core.wire.update import Update


class Superseded(Exception):
    """The sender has opened another stream; this one is over."""


@define(eq=False)
class Fence:
    """Lets only the newest stream of a sender apply, one batch at a time."""

    lock: asyncio.Lock = field(factory=asyncio.Lock, init=False)
    newest: int = field(default=0, init=False)

    def take(self) -> int:
        """Become the newest stream; returns its token."""
        self.newest += 1
        return self.newest


@define(eq=False)
class Session:
    """The receiving state machine of one stream (its table is at ``LinkReceiver``).

    Attributes:
        sender: who speaks.
        cursor: what was stored when it greeted.
    """

    sender: Sender
    cursor: Cursor | None
    _requests: AsyncIterator[Request]
    _apply: Apply
    _max_batch: int
    _fence: Fence
    _token: int
    _applied: int = field(default=0, init=False)
    _lost: bool = field(default=False, init=False)
    _asked: bool = field(default=False, init=False)

    async def acks(self) -> AsyncIterator[update_pb2.Ack]:
        """Apply what arrives and yield the acknowledgements, the greeting's first.

        Raises:
            Superseded: the sender greeted anew on another stream.
            WireError: a message that no resync can repair.
        """
        yield self._greeting()
        async with read_ahead(self._requests, self._max_batch) as batches:
            async for batch in batches:
                async with self._fence.lock:
                    if self._fence.newest != self._token:
                        raise Superseded(self.sender.name)
                    ack = await self._take(batch)
                yield ack

    def _greeting(self) -> update_pb2.Ack:
        if self.cursor is not None and self.cursor.epoch == self.sender.epoch:
            self._applied = self.cursor.sequence
        else:
            self._lost = self._asked = self.cursor is not None
        return update_pb2.Ack(sequence=self._applied, resync=self._lost)

    async def _take(self, batch: list[Request]) -> update_pb2.Ack:
        fresh: list[Update] = []
        reached = self._applied
        for request in batch:
            update = self._next(request, reached)
            if update is not None:
                fresh.append(update)
                reached = update.sequence
        if fresh:
            await _finish(self._apply(self.sender, fresh))
            self._applied = reached
        return self._answer()

    def _next(self, request: Request, reached: int) -> Update | None:
        if not request.HasField("update"):
            raise WireError(f"link of {self.sender.name}: another hello, expected an update")
        message = request.update
        if message.sequence <= reached:
            return None
        snapshot = message.HasField("snapshot")
        if not snapshot and (self._lost or message.sequence != reached + 1):
            self._lost = True
            return None
        return self._snapshot(message) if snapshot else self._step(message)

    def _snapshot(self, message: update_pb2.Update) -> Update:
        update = update_from_pb(message)
        self._lost = self._asked = False
        return update

    def _step(self, message: update_pb2.Update) -> Update | None:
        try:
            return update_from_pb(message)
        except WireError:
            self._lost = True
            return None

    def _answer(self) -> update_pb2.Ack:
        resync = self._lost and not self._asked
        self._asked = self._lost
        return update_pb2.Ack(sequence=self._applied, resync=resync)


async def _finish(work: Awaitable[None]) -> None:
    """Await ``work`` to its end even when cancelled, so that no commit goes on behind a released fence."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
