"""The agents' port: real gRPC health, reflection, and what agents forward."""

import asyncio
from contextlib import asynccontextmanager

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from causely_core.model import Entity, Evidence, Relation, TopologyDelta
from causely_core.wire import Snapshot
from causely_core.wire.backoff import Backoff
from causely_core.wire.dialect import FORWARD
from causely_core.wire.errors import WireError
from causely_core.wire.sender import LinkSender
from causely_core.wire.spool import Spool
from causely_core.wire.tls import TlsConfig

from ..shop import CART, HIGH, SHOP, running, symptom, symptoms, until
from .worlds import mediator

NODE, POD = Entity.of("Node", "n1", "n1"), Entity.of("Pod", "cart-0", "cart-0")
NAME = "agent/n1"


def found(version=1, *entities, snapshot=False):
    relations = (Relation(POD.id, "runs_on", NODE.id),) if {NODE, POD} <= set(entities) else ()
    return TopologyDelta(f"{NAME}/k8s", version, entities, relations, snapshot=snapshot)


@asynccontextmanager
async def agent(port, folder, snapshot=Snapshot, name=NAME):
    """One that is connected to the mediator's ``port``."""
    spool = Spool(folder / "agent.spool")
    link = LinkSender(FORWARD, f"127.0.0.1:{port}", name, spool, snapshot, backoff=Backoff(0.02, 0.1))
    task = asyncio.create_task(link.run())
    try:
        yield link
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        spool.close()


async def drained(link):
    async with asyncio.timeout(20.0):
        await link.drained()


@pytest.mark.parametrize("service", ["", "causely.v1.AgentService"])
async def test_health(served, service):
    async with grpc.aio.insecure_channel(f"127.0.0.1:{served.server.port}") as channel:
        answer = await health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(service=service))
        assert answer.status == health_pb2.HealthCheckResponse.SERVING


async def test_reflection(served):
    async with grpc.aio.insecure_channel(f"127.0.0.1:{served.server.port}") as channel:
        stub = reflection_pb2_grpc.ServerReflectionStub(channel)
        asked = reflection_pb2.ServerReflectionRequest(list_services="")
        async for answer in stub.ServerReflectionInfo(iter([asked])):
            names = {service.name for service in answer.list_services_response.service}
            assert "causely.v1.AgentService" in names


async def test_what_an_agent_forwards_is_merged_and_passed_on(served, analyzer, plugin, tmp_path):
    plugin.discovers(SHOP)
    snapshot = Snapshot((found(1, NODE, POD, snapshot=True),), (symptoms(NAME, symptom(POD.id), snapshot=True),))
    async with agent(served.server.port, tmp_path, lambda: snapshot) as link:
        await drained(link)
        await until(lambda: analyzer.symptoms(NAME))
        assert analyzer.symptoms(NAME) == [(POD.id, HIGH)]
        await until(lambda: {NODE.id, POD.id, CART.id} <= set(analyzer.topology.entities))
        assert {NODE.id, POD.id} <= set(served.watch.intake.entities)
        assert Relation(POD.id, "runs_on", NODE.id) in analyzer.topology.relations
        await link.send(symptoms(NAME, symptom(POD.id, active=False)))
        await until(lambda: not analyzer.symptoms(NAME))


async def test_later_deltas_of_an_agent_are_merged_too(served, analyzer, tmp_path):
    async with agent(served.server.port, tmp_path, lambda: Snapshot((found(1, NODE, snapshot=True),))) as link:
        await until(lambda: NODE.id in analyzer.topology.entities)
        await link.send(found(2, POD))
        await until(lambda: POD.id in analyzer.topology.entities)
        await link.send(TopologyDelta(f"{NAME}/k8s", 3, deleted_entities=(POD.id,)))
        await until(lambda: POD.id not in analyzer.topology.entities)
    assert NODE.id in served.watch.intake.entities


async def test_a_restarted_mediator_is_told_everything_by_its_agents(tmp_path, analyzer):
    snapshot = Snapshot((found(7, NODE, snapshot=True),), (symptoms(NAME, symptom(NODE.id), snapshot=True),))
    async with running(mediator(tmp_path / "m", analyzer.port)) as first:
        port = first.server.port
        async with agent(port, tmp_path, lambda: snapshot) as link:
            await drained(link)
            await until(lambda: first.agents.active)
            await first.stop()
            async with running(mediator(tmp_path / "m", analyzer.port, agents_listen=f"127.0.0.1:{port}")) as second:
                await until(lambda: NODE.id in second.watch.intake.entities)
                await until(lambda: second.agents.active.get(NAME))


async def test_an_analyzer_that_lost_its_state_is_told_of_the_agents_symptoms_as_well(served, analyzer, tmp_path):
    snapshot = Snapshot((), (symptoms(NAME, symptom(NODE.id), snapshot=True),))
    async with agent(served.server.port, tmp_path, lambda: snapshot):
        await until(lambda: analyzer.symptoms(NAME))
    await analyzer.stop()
    analyzer.forget()
    await analyzer.start()
    await until(lambda: analyzer.symptoms(NAME))


async def test_evidence_of_an_agent_is_taken_and_not_passed_on(served, analyzer, tmp_path):
    async with agent(served.server.port, tmp_path) as link:
        await link.send(Evidence("r1", "cause"))
        await link.send(found(1, NODE, snapshot=True))
        await drained(link)
    await until(lambda: link.spool.last)
    assert not analyzer.evidence


async def test_a_certificate_that_is_missing_stops_the_start(tmp_path, analyzer):
    tls = TlsConfig(cert=str(tmp_path / "none.pem"), key=str(tmp_path / "none.key"))
    one = mediator(tmp_path, analyzer.port, agents_tls=tls)
    with pytest.raises(WireError, match=r"none\.pem"):
        await one.start()
    await one.stop()
