"""What the running causely of these tests has been told, as an agent tells it."""

import asyncio
import time

from causely_core.model import (
    Baseline,
    Entity,
    Manifestation,
    Relation,
    Symptom,
    SymptomDelta,
    ThresholdSource,
    TopologyDelta,
)
from causely_core.wire import Snapshot
from causely_core.wire.dialect import FORWARD
from causely_core.wire.sender import LinkSender
from causely_core.wire.spool import Spool

AGENT = "agent/test"
WATCHED = {"causely.watched": "RequestErrorRate_High RequestLatency_High"}
CART = Entity.of("Service", "cart", "cart", WATCHED | {"causely.cpu.hottest": "libssl.so.3"})
WEB = Entity.of("Service", "web", "web", WATCHED)
ITEM = Entity.of("Operation", "cart/GET /items/[id]", "GET /items/[id] [/]")
CALL = Relation(WEB.id, "calls", CART.id, {"mode": "sync"})
ERRORS = "RequestErrorRate_High"
ONSET = time.time() - 30.0


def failing(entity):
    baseline = Baseline(0.01, 0.05, ThresholdSource.DEFAULT)
    return Symptom(entity.id, ERRORS, True, ONSET, ONSET, 0.9, "error_rate", 0.5, baseline, "error-rate")


def everything():
    topology = TopologyDelta(f"{AGENT}/k8s", 1, (CART, WEB, ITEM), (CALL,), snapshot=True)
    symptoms = SymptomDelta(AGENT, (Manifestation(failing(CART)), Manifestation(failing(WEB))), snapshot=True)
    return Snapshot((topology,), (symptoms,))


async def tell(target, folder):
    """Forward :func:`everything` to the mediator at ``target``; returns once it is stored there."""
    spool = Spool(folder / "agent.spool")
    link = LinkSender(FORWARD, target, AGENT, spool, everything)
    running = asyncio.create_task(link.run())
    await link.send(everything())
    async with asyncio.timeout(20.0):
        await link.drained()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    spool.close()
