"""The receiving end of a sequenced link."""

from __future__ import annotations

from collections.abc import AsyncIterator

from attrs import define, field

from causely_core.wire.convert import check
from causely_core.wire.cursor import Apply, Cursor, CursorStore, Sender
from causely_core.wire.dialect import Request
from causely_core.wire.errors import WireError
from causely_core.wire.session import Fence, Session


@define(eq=False)
class LinkReceiver:
    """Takes in updates of any number of senders, each exactly once and in order.

    What a sender hears, by the cursor stored under its name when it says hello:

    ====================  ===============  ==========================================
    stored cursor         first answer     accepted next
    ====================  ===============  ==========================================
    none                  Ack(0)           update 1, or any snapshot
    same epoch, at n      Ack(n)           update n + 1, or any snapshot after n
    another epoch         Ack(0, resync)   a snapshot only
    ====================  ===============  ==========================================

    and afterwards, with n the last number applied:

    ================================  ================================================
    update                            answer
    ================================  ================================================
    number <= n                       Ack(n), not applied again
    n + 1                             applied, then Ack(n + 1)
    snapshot with a number s > n      applied in place of all before, then Ack(s)
    > n + 1, or not well-formed       Ack(n, resync) once; all but snapshots ignored
    snapshot that is not well-formed  the stream ends with INVALID_ARGUMENT
    ================================  ================================================

    What has arrived while one batch was applied makes up the next batch: a busy link gets large batches, an
    idle one no delay. When a sender greets anew, its former stream ends; the two never apply at once.

    Attributes:
        cursors: read at each hello.
        apply: stores updates before they are acknowledged.
        max_batch: updates handed to ``apply`` at once, and read ahead of it.
    """

    cursors: CursorStore
    apply: Apply
    max_batch: int = 256
    _fences: dict[str, Fence] = field(factory=dict, init=False)

    async def open(self, requests: AsyncIterator[Request]) -> Session:
        """Read the hello and look up the cursor.

        Raises:
            WireError: the stream does not open with a hello that names a sender and an epoch.
        """
        sender = _sender(await anext(requests, None))
        fence = self._fences.setdefault(sender.name, Fence())
        # The lock waits for a batch of the former stream, whose cursor would be missed otherwise.
        async with fence.lock:
            token = fence.take()
            stored = await self.cursors.get(sender.name)
        cursor = None if stored is None else Cursor(*stored)
        return Session(sender, cursor, requests, self.apply, self.max_batch, fence, token)


def _sender(request: Request | None) -> Sender:
    if request is None or not request.HasField("hello"):
        raise WireError("link: no hello, expected one as the first message")
    hello = request.hello
    return Sender(
        name=check.text("hello.sender", hello.sender, required=True, limit=check.MAX_ID),
        epoch=check.text("hello.epoch", hello.epoch, required=True, limit=check.MAX_ID),
        version=check.text("hello.version", hello.version),
        cluster=check.text("hello.cluster", hello.cluster),
    )
