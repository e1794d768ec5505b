"""OTLP over gRPC: answers, limits, health and reflection."""

import asyncio
import random
from contextlib import asynccontextmanager, suppress

import grpc
import pytest
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.trace import SpanKind

from ..builders import GET, request_of, server
from ..conftest import DEADLINE, no_longer_listening, until

TRACES = "opentelemetry.proto.collector.trace.v1.TraceService"
METRICS = "opentelemetry.proto.collector.metrics.v1.MetricsService"
LOGS = "opentelemetry.proto.collector.logs.v1.LogsService"


def export(channel, service=TRACES):
    return channel.unary_unary(f"/{service}/Export")


async def refused(call):
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await call
    return raised.value


def retry_delay(problem):
    """Seconds after which a refused client is asked to come back."""
    (detail,) = Status.FromString(dict(problem.trailing_metadata())["grpc-status-details-bin"]).details
    retry = RetryInfo()
    assert detail.Unpack(retry)
    return retry.retry_delay.seconds


def report(exporter, name):
    """Export one span of a service by the OpenTelemetry SDK."""
    provider = TracerProvider(resource=Resource({"service.name": name}), shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    provider.get_tracer("t").start_span("work", kind=SpanKind.SERVER).end()
    provider.shutdown()


async def test_a_request_is_taken_and_shows(otlp, channel):
    answer = await export(channel)(request_of({"service.name": "cart"}, server(GET)))
    assert answer == b""
    await until(lambda: "Service:cart" in otlp.entities)
    assert otlp.counted("causely.otlp.accepted")["traces"] == 1


async def test_what_is_rejected_is_told_and_the_rest_is_taken(otlp, channel):
    spans = [server(GET), server(GET, id=b""), server(GET, id=b"short")]
    answer = ExportTraceServiceResponse.FromString(await export(channel)(request_of({"service.name": "cart"}, *spans)))
    assert answer.partial_success.rejected_spans == 2
    assert "span_id" in answer.partial_success.error_message
    assert otlp.counted("causely.otlp.rejected")["traces"] == 2
    assert otlp.counted("causely.otlp.accepted")["traces"] == 1


@pytest.mark.parametrize("service", [TRACES, METRICS, LOGS])
async def test_random_bytes_are_an_invalid_argument(otlp, channel, service):
    problem = await refused(export(channel, service)(random.Random(1).randbytes(3000)))
    assert problem.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert otlp.counted("causely.otlp.refused") == {"bad_payload": 1}
    assert await export(channel, service)(b"") == b""


async def test_a_message_that_is_too_large_exhausts(otlp, channel):
    problem = await refused(export(channel)(bytes((1 << 20) + 1)))
    assert problem.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert await export(channel)(b"") == b""


async def test_without_room_clients_are_told_when_to_retry(otlp, channel):
    otlp.room.take(otlp.room.limit)
    problem = await refused(export(channel)(request_of({}, server(GET))))
    assert problem.code() is grpc.StatusCode.UNAVAILABLE
    assert retry_delay(problem) > 0
    otlp.room.give(otlp.room.limit)
    assert await export(channel)(request_of({}, server(GET))) == b""


async def test_the_opentelemetry_exporter_comes_back_and_nothing_is_lost(otlp):
    otlp.room.take(otlp.room.limit)
    exporter = OTLPSpanExporter(endpoint=otlp.grpc, insecure=True)
    reporting = asyncio.create_task(asyncio.to_thread(report, exporter, "patient"))
    await until(lambda: otlp.counted("causely.otlp.refused").get("overloaded"))
    otlp.room.give(otlp.room.limit)
    await reporting
    await until(lambda: "Service:patient" in otlp.entities)


async def test_health(otlp, channel):
    for service in ("", TRACES, METRICS, LOGS):
        answer = await health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(service=service))
        assert answer.status == health_pb2.HealthCheckResponse.SERVING


async def test_reflection_lists_the_services(otlp, channel):
    asked = iter([reflection_pb2.ServerReflectionRequest(list_services="")])
    stub = reflection_pb2_grpc.ServerReflectionStub(channel)
    listed = {
        s.name async for answer in stub.ServerReflectionInfo(asked) for s in answer.list_services_response.service
    }
    assert listed >= {TRACES, METRICS, LOGS}


async def test_an_unknown_method_is_unimplemented(otlp, channel):
    problem = await refused(channel.unary_unary(f"/{TRACES}/Import")(b""))
    assert problem.code() is grpc.StatusCode.UNIMPLEMENTED


async def test_a_taken_port_is_one_clear_line(otlp, receiving):
    with pytest.raises(OSError, match=f"cannot listen on {otlp.grpc}"):
        await receiving(grpc_endpoint=otlp.grpc)


async def test_it_starts_again_on_the_ports_it_had(receiving):
    first = await receiving()
    async with grpc.aio.insecure_channel(first.grpc) as channel:
        await export(channel)(b"")
        await first.stop()
        otlp = await receiving(grpc_endpoint=first.grpc, http_endpoint=first.http.removeprefix("http://"))
        await otlp.stop()
        await otlp.start()
        assert (otlp.grpc, otlp.http) == (first.grpc, first.http)
        call = export(channel)(request_of({"service.name": "again"}, server(GET)), wait_for_ready=True)
        assert await call == b""
    await until(lambda: "Service:again" in otlp.entities)


@asynccontextmanager
async def begun(channel):
    """A call that has reached the server, which still waits for its message."""
    call = channel.stream_unary(f"/{TRACES}/Export")()
    await call.wait_for_connection()
    try:
        yield call
    finally:
        call.cancel()


async def refused_in_the_end(channel):
    """What calls are answered once they are refused."""
    async with asyncio.timeout(DEADLINE):
        while True:
            try:
                await export(channel)(b"")
            except grpc.aio.AioRpcError as problem:
                return problem


async def test_too_many_calls_are_told_when_to_retry(receiving):
    otlp = await receiving(max_concurrent_requests=1)
    async with grpc.aio.insecure_channel(otlp.grpc) as channel:
        async with begun(channel) as call:
            problem = await refused_in_the_end(channel)
            assert problem.code() is grpc.StatusCode.UNAVAILABLE
            assert retry_delay(problem) > 0
            await call.write(request_of({"service.name": "slow"}, server(GET)))
            assert await call == b""
        assert await export(channel)(b"") == b""


async def test_a_call_that_is_given_up_makes_room(receiving):
    otlp = await receiving(max_concurrent_requests=1)
    async with grpc.aio.insecure_channel(otlp.grpc) as channel:
        async with begun(channel):
            await refused_in_the_end(channel)
        async with asyncio.timeout(DEADLINE):
            while (await asyncio.gather(export(channel)(b""), return_exceptions=True)) != [b""]:
                await asyncio.sleep(0.01)


async def test_a_message_that_does_not_come_is_not_waited_for(receiving):
    otlp = await receiving(request_timeout=0.1)
    async with grpc.aio.insecure_channel(otlp.grpc) as channel, begun(channel) as call:
        problem = await refused(call)
        assert problem.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        assert "within 0.1 s" in problem.details()
        assert otlp.counted("causely.otlp.refused") == {"too_slow": 1}
        assert await export(channel)(b"") == b""


async def test_a_call_without_a_message_is_an_invalid_argument(otlp, channel):
    async with begun(channel) as call:
        await call.done_writing()
        assert (await refused(call)).code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_a_call_that_runs_may_end_when_it_stops_and_nothing_is_lost(receiving):
    otlp = await receiving(max_concurrent_requests=1)
    async with grpc.aio.insecure_channel(otlp.grpc) as channel, begun(channel) as call:
        await refused_in_the_end(channel)
        stopping = asyncio.create_task(otlp.stop())
        await no_longer_listening("127.0.0.1", otlp.receiver.grpc.port)
        await call.write(request_of({"service.name": "late"}, server(GET)))
        assert await call == b""
        await stopping
    await otlp.start()
    await until(lambda: "Service:late" in otlp.entities)


async def test_a_client_that_speaks_no_grpc_disturbs_nobody(otlp, channel):
    reader, writer = await asyncio.open_connection(*otlp.grpc.split(":"))
    writer.write(b"GET / HTTP/1.1\r\n\r\n" + random.Random(1).randbytes(3000))
    async with asyncio.timeout(DEADLINE):
        with suppress(ConnectionError):
            await reader.read()
    writer.close()
    assert await export(channel)(b"") == b""


@pytest.mark.parametrize("compression", list(grpc.Compression), ids=lambda compression: compression.name)
async def test_the_opentelemetry_exporter(otlp, compression):
    exporter = OTLPSpanExporter(endpoint=otlp.grpc, insecure=True, compression=compression)
    await asyncio.to_thread(report, exporter, "python")
    await until(lambda: "Service:python" in otlp.entities)
    assert otlp.counted("causely.otlp.accepted") == {"traces": 1}
