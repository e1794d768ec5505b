"""A whole analyzer on loopback: real gRPC in, real HTTP out."""

import grpc
import httpx
import pytest
from attrs import define, field
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from causely_core.errors import CauselyError, UnavailableError
from causely_core.storage import StorageError

from .standalone import FirstIsToBlame, analyzer
from .worlds import CART, TOPOLOGY, mediator, symptom, symptoms, until


async def items(api, path="root-causes", **parameters):
    answer = await api.get(f"/{path}", params=parameters)
    return answer.raise_for_status().json()["items"]


async def test_symptoms_become_a_root_cause_with_evidence_and_clear_again(told, api):
    await told.say(TOPOLOGY, symptoms(symptom(), symptom("Service:shop", severity=0.8)))
    (named,) = await until(lambda: items(api, active=True))
    assert (named["entity"], named["name"], named["type"]) == (CART.id, "cart", "Service")
    assert (named["severity"], named["onset"], named["active"]) == (0.8, 100.0, True)

    async def evidence():
        return (await api.get(f"/root-causes/{named['id']}")).json()["evidence"]

    (item,) = await until(evidence)
    assert (item["entity"], item["title"], item["values"]) == (CART.id, "request_rate", [7.0])
    assert [request.root_cause for request in told.asked] == [named["id"]]
    await told.say(symptoms(snapshot=True))
    (past,) = await until(lambda: items(api, active=False))
    assert past["id"] == named["id"]
    assert past["cleared_at"] > past["diagnosed_at"]
    assert await items(api, active=True) == []
    assert len(told.asked) == 1


async def test_a_restart_goes_on_and_asks_for_evidence_that_never_came(tmp_path):
    first = analyzer(tmp_path / "data", hold=60.0)
    await first.start()
    try:
        async with mediator(first.port, tmp_path) as one:
            one.link.on_evidence = ignore
            await one.say(TOPOLOGY, symptoms(symptom()))
            before = await until(lambda: active(first))
    finally:
        await first.stop()
    second = analyzer(tmp_path / "data", hold=60.0)
    await second.start()
    try:
        assert await active(second) == before
        async with mediator(second.port, tmp_path) as one:
            await until(lambda: asked(one))
            assert one.asked[0].root_cause == before[0].id
    finally:
        await second.stop()


async def ignore(request):
    return None


async def asked(one):
    return one.asked


async def active(served):
    return await served.ask(lambda book: book.engine.lifecycle.active)


async def test_health_and_reflection(served):
    async with grpc.aio.insecure_channel(f"127.0.0.1:{served.port}") as channel:
        asked = health_pb2.HealthCheckRequest(service="causely.v1.AnalyzerService")
        answer = await health_pb2_grpc.HealthStub(channel).Check(asked)
        assert answer.status == health_pb2.HealthCheckResponse.SERVING
        listing = reflection_pb2.ServerReflectionRequest(list_services="")
        stub = reflection_pb2_grpc.ServerReflectionStub(channel)
        async for response in stub.ServerReflectionInfo(iter([listing])):
            names = [service.name for service in response.list_services_response.service]
            assert "causely.v1.AnalyzerService" in names


async def test_readiness_and_ports(tmp_path):
    one = analyzer(tmp_path)
    assert one.not_ready() == "not started"
    assert (one.port, one.api_port) == (0, 0)
    await one.start()
    assert one.not_ready() == ""
    assert one.port
    assert one.api_port
    await one.stop()
    assert one.not_ready() == "not started"
    await one.stop()


async def test_a_taken_port_is_told_and_nothing_is_left_open(served, tmp_path):
    taken = f"127.0.0.1:{served.port}"
    with pytest.raises(CauselyError, match=taken):
        await analyzer(tmp_path / "other", listen=taken).start()
    with pytest.raises(UnavailableError, match="cannot listen"):
        await analyzer(tmp_path / "other", api_listen=f"127.0.0.1:{served.api_port}").start()
    again = analyzer(tmp_path / "other")
    await again.start()
    await again.stop()


async def test_a_bad_address_is_told(tmp_path):
    with pytest.raises(UnavailableError, match="expected host:port"):
        await analyzer(tmp_path, listen="nowhere").start()


async def test_a_database_in_use_is_told(served, tmp_path):
    with pytest.raises(StorageError, match="one analyzer a database"):
        await analyzer(tmp_path / "data").start()


@define
class Moody(FirstIsToBlame):
    """Fails at first."""

    failures: int = 2
    failed: list = field(factory=list)

    def answer(self, question):
        if self.failures:
            self.failures -= 1
            self.failed.append(question)
            raise ZeroDivisionError
        return super().answer(question)


async def test_a_diagnosis_that_fails_is_tried_again(tmp_path):
    moody = Moody()
    one = analyzer(tmp_path / "data", moody)
    await one.start()
    try:
        async with mediator(one.port, tmp_path) as speaker:
            await speaker.say(TOPOLOGY, symptoms(symptom()))
            await until(lambda: active(one))
        assert len(moody.failed) == 2
        assert one.not_ready() == ""
    finally:
        await one.stop()


async def test_http_stops_with_the_analyzer(tmp_path):
    one = analyzer(tmp_path)
    await one.start()
    port = one.api_port
    await one.stop()
    with pytest.raises(httpx.ConnectError):
        async with httpx.AsyncClient() as client:
            await client.get(f"http://127.0.0.1:{port}/api/v1/status")
