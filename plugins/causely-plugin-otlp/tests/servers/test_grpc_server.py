"""OTLP over gRPC: answers, limits, health and reflection."""

import asyncio
import random

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
from ..conftest import until

TRACES = "opentelemetry.proto.collector.trace.v1.TraceService"
METRICS = "opentelemetry.proto.collector.metrics.v1.MetricsService"
LOGS = "opentelemetry.proto.collector.logs.v1.LogsService"


def export(channel, service=TRACES):
    return channel.unary_unary(f"/{service}/Export")


async def refused(call):
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await call
    return raised.value


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
    problem = await refused(export(channel)(bytes(65 * 1024)))
    assert problem.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert await export(channel)(b"") == b""


async def test_without_room_clients_are_told_when_to_retry(otlp, channel):
    otlp.room.take(otlp.room.limit)
    problem = await refused(export(channel)(request_of({}, server(GET))))
    assert problem.code() is grpc.StatusCode.UNAVAILABLE
    details = dict(problem.trailing_metadata())["grpc-status-details-bin"]
    retry = RetryInfo()
    assert Status.FromString(details).details[0].Unpack(retry)
    assert retry.retry_delay.seconds > 0
    otlp.room.give(otlp.room.limit)
    assert await export(channel)(request_of({}, server(GET))) == b""


async def test_the_opentelemetry_exporter_comes_back_and_nothing_is_lost(otlp):
    otlp.room.take(otlp.room.limit)
    provider = TracerProvider(resource=Resource({"service.name": "patient"}), shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(OTLPSpanExporter(endpoint=otlp.grpc, insecure=True)))
    ending = asyncio.create_task(
        asyncio.to_thread(lambda: provider.get_tracer("t").start_span("work", kind=SpanKind.SERVER).end())
    )
    await until(lambda: otlp.counted("causely.otlp.refused").get("overloaded"))
    otlp.room.give(otlp.room.limit)
    await ending
    await until(lambda: "Service:patient" in otlp.entities)
    provider.shutdown()


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


async def test_it_can_be_started_again(otlp):
    port = otlp.receiver.grpc.port
    await otlp.stop()
    await otlp.start()
    async with grpc.aio.insecure_channel(otlp.grpc) as channel:
        assert await export(channel)(request_of({"service.name": "again"}, server(GET))) == b""
    await until(lambda: "Service:again" in otlp.entities)
    assert port
