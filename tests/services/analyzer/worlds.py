"""Things to say, and a mediator that says them over real gRPC."""

import asyncio
import contextlib
from contextlib import asynccontextmanager

from attrs import define, field

from causely_core.model import (
    Baseline,
    Diagnosis,
    Entity,
    EntityId,
    Evidence,
    EvidenceItem,
    Manifestation,
    Relation,
    RootCause,
    Symptom,
    SymptomDelta,
    SymptomKey,
    ThresholdSource,
    TopologyDelta,
)
from causely_core.wire.backoff import Backoff
from causely_core.wire.dialect import MEDIATE
from causely_core.wire.sender import LinkSender
from causely_core.wire.spool import Spool
from causely_core.wire.update import Snapshot, Update

CART = Entity.of("Service", "cart", "cart", {"service.version": "1"})
SHOP = Entity.of("Service", "shop", "Shop front")
CALL = Relation(SHOP.id, "calls", CART.id, {"mode": "sync"})
TOPOLOGY = TopologyDelta("otlp", 1, (CART, SHOP), (CALL,), snapshot=True)
SLOW = "RequestLatency_High"
DEADLINE = 20.0


def key(entity="Service:cart", name=SLOW):
    return SymptomKey(EntityId(entity), name)


def symptom(entity="Service:cart", name=SLOW, active=True, onset=100.0, severity=0.5):
    baseline = Baseline(float("nan"), 1.0, ThresholdSource.LEARNED)
    return Symptom(EntityId(entity), name, active, onset, onset + 1, severity, "request_duration.p95", 1.5, baseline)


def symptoms(*told, snapshot=False):
    return SymptomDelta("mediator", tuple(Manifestation(one) for one in told), snapshot)


def active(*told):
    return {one.key: one for one in told}


def cause(entity="Service:cart", name="CPUCongested", probability=0.9, explains=None, onset=100.0, **other):
    explained = (key(entity),) if explains is None else tuple(explains)
    return RootCause("", EntityId(entity), name, probability, onset, explained, **other)


def diagnosis(time, *causes, gap=0.0):
    return Diagnosis(time, causes, gap=gap)


def updates(*payloads, first=1):
    return [Update(number, 0.0, payload) for number, payload in enumerate(payloads, first)]


async def until(condition, deadline=DEADLINE):
    """Wait until ``condition``, a coroutine function, gives something true; returns it."""
    async with asyncio.timeout(deadline):
        while not (found := await condition()):
            await asyncio.sleep(0.02)
        return found


@define(eq=False)
class Mediator:
    """Says what the test says, and answers evidence requests with one series."""

    link: LinkSender
    asked: list = field(factory=list)

    async def say(self, *payloads):
        for payload in payloads:
            await self.link.send(payload)

    async def answer(self, request):
        self.asked.append(request)
        item = EvidenceItem("series", request.entities[0], "request_rate", (request.start,), (7.0,))
        await self.link.send(Evidence(request.id, request.root_cause, (item,)))


@asynccontextmanager
async def mediator(port, folder, snapshot=Snapshot):
    """One that is connected to ``port`` while the body runs."""
    spool = Spool(folder / "spool")
    link = LinkSender(
        MEDIATE, f"127.0.0.1:{port}", "mediator", spool, snapshot, "shop", "1.0", backoff=Backoff(0.05, 0.2)
    )
    one = Mediator(link)
    link.on_evidence = one.answer
    running = asyncio.create_task(link.run())
    try:
        yield one
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        spool.close()
