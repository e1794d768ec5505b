"""One connection of a sender: greet, catch up, stream, listen for acknowledgements."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import grpc
from attrs import define, field
from structlog.typing import FilteringBoundLogger

from causely_core.model import EvidenceRequest
from causely_core.wire.convert import evidence_request_from_pb
from causely_core.wire.dialect import Call, Dialect, Response, evidence_request
from causely_core.wire.link_metrics import LinkMetrics
from causely_core.wire.pb import evidence_pb2, update_pb2
from causely_core.wire.spool import Spool

GREETING_TIMEOUT = 10.0
"""Seconds that the receiver may take for its first answer."""
BATCH = 128
"""Updates read from the spool at once."""


class Broken(Exception):
    """The connection ended; says why in one line."""


@define(eq=False)
class Sending:
    """The state of one open stream.

    Attributes:
        wake: set whenever there may be something to do.
    """

    spool: Spool
    dialect: Dialect
    call: Call
    metrics: LinkMetrics
    wake: asyncio.Event
    logger: FilteringBoundLogger
    _next: int = field(default=0, init=False)
    _resync: bool = field(default=False, init=False)
    _answers: set[asyncio.Task[None]] = field(factory=set, init=False)

    async def greet(self, hello: update_pb2.Hello) -> None:
        """Say hello and learn where to go on.

        Raises:
            Broken: no greeting came back, or the receiver knows numbers that the spool has lost.
        """
        async with _broken_by_rpc(), asyncio.timeout(GREETING_TIMEOUT):
            await self.call.write(self.dialect.hello(hello))
            response = await self.call.read()
        if not isinstance(response, Response) or not response.HasField("ack"):
            raise Broken("no acknowledgement after hello")
        self._meet(response.ack)

    async def stream(
        self,
        resync: Callable[[], int],
        on_ack: Callable[[], Awaitable[None]],
        on_evidence: Callable[[EvidenceRequest], Awaitable[None]],
        renewal: Callable[[], Coroutine[Any, Any, None]],
    ) -> None:
        """Write what the spool holds and what comes, and take in the answers.

        Args:
            resync: puts a snapshot in place of the spool and returns its number.
            on_ack: awaited after each acknowledgement.
            on_evidence: run in a task for each evidence request.
            renewal: runs beside; raises ``Broken`` when the connection is to be made anew.

        Raises:
            Broken: the connection ended.
        """
        await on_ack()
        # No task group: that of Python 3.11 forgets a cancellation that comes while a child fails.
        works = (self._write(resync), self._read(on_ack, on_evidence), renewal())
        tasks = [asyncio.create_task(work) for work in works]
        try:
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _end([*tasks, *self._answers])
        ended.pop().result()

    def cancel(self) -> None:
        """End the call."""
        self.call.cancel()

    def _meet(self, ack: update_pb2.Ack) -> None:
        if ack.sequence > self.spool.last:
            self.spool.renew()
            raise Broken(f"the receiver has {ack.sequence}, which this spool has lost: beginning a new epoch")
        self._accept(ack)
        # Whatever lies between the receiver's number and the spool's first one is gone for good.
        self._resync = ack.resync or self.spool.first > ack.sequence + 1
        self._next = ack.sequence + 1

    async def _write(self, resync: Callable[[], int]) -> None:
        while True:
            self.wake.clear()
            if self._resync or self.spool.overflowed:
                self._resync, self._next = False, resync()
            if not await self._write_batch():
                await self.wake.wait()

    async def _write_batch(self) -> bool:
        batch = self.spool.read_from(self._next, BATCH)
        for sequence, payload in batch:
            update = update_pb2.Update.FromString(payload)
            update.sequence = sequence
            async with _broken_by_rpc():
                await self.call.write(self.dialect.update(update))
            self._next = sequence + 1
            self.metrics.add(self.metrics.sent)
            if self._resync or self.spool.overflowed:
                break
        return bool(batch)

    async def _read(
        self,
        on_ack: Callable[[], Awaitable[None]],
        on_evidence: Callable[[EvidenceRequest], Awaitable[None]],
    ) -> None:
        while True:
            async with _broken_by_rpc():
                response = await self.call.read()
            if not isinstance(response, Response):
                raise Broken(f"closed by the receiver: {await _status(self.call)}")
            request = evidence_request(response)
            if request is not None:
                answer = asyncio.create_task(self._answer(request, on_evidence))
                self._answers.add(answer)
                answer.add_done_callback(self._answers.discard)
                continue
            self._accept(response.ack)
            self._resync = self._resync or response.ack.resync
            self.wake.set()
            await on_ack()

    async def _answer(
        self, request: evidence_pb2.EvidenceRequest, on_evidence: Callable[[EvidenceRequest], Awaitable[None]]
    ) -> None:
        try:
            await on_evidence(evidence_request_from_pb(request))
        except Exception as error:
            # Evidence is an extra: what fails here must not end the link that carries symptoms.
            self.logger.warning("evidence request not answered", id=request.id, reason=str(error))

    def _accept(self, ack: update_pb2.Ack) -> None:
        self.metrics.add(self.metrics.acked, self.spool.ack(ack.sequence))


@asynccontextmanager
async def _broken_by_rpc() -> AsyncIterator[None]:
    try:
        yield
    except grpc.aio.AioRpcError as error:
        raise Broken(f"{error.code().name}: {error.details()}") from None
    except TimeoutError:
        raise Broken(f"no greeting within {GREETING_TIMEOUT:g} s") from None
    except asyncio.InvalidStateError:
        raise Broken("the call has ended") from None


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _status(call: Call) -> str:
    code = await call.code()
    return f"{code.name}: {await call.details()}"
