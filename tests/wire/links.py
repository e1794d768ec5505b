"""A real sender and a real receiver over loopback, with a store that remembers what was applied."""

import asyncio
import contextlib
from collections import Counter

import grpc
import structlog
from attrs import define, field

from causely_core.model import Entity, SymptomDelta, TopologyDelta
from causely_core.wire import Snapshot
from causely_core.wire.backoff import Backoff
from causely_core.wire.channel import SERVER_OPTIONS, listen
from causely_core.wire.cursor import Cursor
from causely_core.wire.dialect import MEDIATE
from causely_core.wire.receiver import LinkReceiver
from causely_core.wire.sender import LinkSender
from causely_core.wire.servicers import AnalyzerLink

DEADLINE = 20.0


def delta(number):
    """The ``number``-th thing that is said: one entity each."""
    return TopologyDelta("test", number, (Entity.of("Service", str(number)),))


@define
class Store:
    """What a receiver holds durably: it outlives the server."""

    cursors: dict[str, Cursor] = field(factory=dict)
    applied: Counter[int] = field(factory=Counter)
    known: set[int] = field(factory=set)
    snapshots: int = 0
    others: list = field(factory=list)
    batches: list[int] = field(factory=list)
    failures: int = 0
    delay: float = 0.0

    async def get(self, sender):
        return self.cursors.get(sender)

    async def apply(self, sender, updates):
        if self.failures:
            self.failures -= 1
            raise OSError("disk full")
        await asyncio.sleep(self.delay)
        self.batches.append(len(updates))
        for update in updates:
            self._apply(update.payload)
        self.cursors[sender.name] = Cursor(sender.epoch, updates[-1].sequence)

    def _apply(self, payload):
        match payload:
            case Snapshot():
                self.snapshots += 1
                self.known = {int(e.name) for part in payload.topology for e in part.entities}
            case TopologyDelta():
                numbers = {int(entity.name) for entity in payload.entities}
                self.applied.update(numbers)
                self.known |= numbers
            case _:
                self.others.append(payload)


@define
class Server:
    """An analyzer's port that can be killed and started again on the same port."""

    store: Store
    tls: object = None
    port: int = 0
    tokens: object = None
    link: AnalyzerLink = None
    _server: grpc.aio.Server = None

    async def start(self):
        self._server = grpc.aio.server(options=SERVER_OPTIONS)
        receiver = LinkReceiver(self.store, self.store.apply, max_batch=16)
        self.link = AnalyzerLink(receiver, structlog.get_logger(), self.tokens)
        self.link.add_to(self._server)
        self.port = listen(self._server, f"localhost:{self.port}", self.tls)
        await self._server.start()

    async def kill(self):
        await self._server.stop(None)


@define
class Teller:
    """The sending process: says numbers, and can tell all it has said."""

    said: list[int] = field(factory=list)

    def snapshot(self):
        whole = TopologyDelta(
            "test", len(self.said), tuple(e for n in self.said for e in delta(n).entities), snapshot=True
        )
        return Snapshot((whole,), (SymptomDelta("test", snapshot=True),))

    async def say(self, link, count=1):
        for _ in range(count):
            number = len(self.said) + 1
            self.said.append(number)
            await link.send(delta(number))


def sender(port, spool, snapshot, **kwargs):
    return LinkSender(
        kwargs.pop("dialect", MEDIATE),
        f"localhost:{port}",
        "test",
        spool,
        snapshot,
        backoff=Backoff(0.02, 0.1),
        **kwargs,
    )


@contextlib.asynccontextmanager
async def running(link):
    task = asyncio.create_task(link.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(condition):
    async with asyncio.timeout(DEADLINE):
        # The conditions lie in other tasks and in gRPC, which have no event to wait on.
        while not condition():
            await asyncio.sleep(0.01)


async def drained(link):
    async with asyncio.timeout(DEADLINE):
        await link.drained()
