"""Self-observability over a real OTLP endpoint."""

import asyncio

import grpc
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2 as metrics
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2_grpc as metrics_grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as trace
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2_grpc as trace_grpc

from causely_core.services.telemetry import Telemetry, TelemetryConfig


class Sink(trace_grpc.TraceServiceServicer, metrics_grpc.MetricsServiceServicer):
    def __init__(self):
        self.spans, self.metrics = [], []

    async def Export(self, request, context):
        if isinstance(request, trace.ExportTraceServiceRequest):
            self.spans += [s.name for r in request.resource_spans for p in r.scope_spans for s in p.spans]
            return trace.ExportTraceServiceResponse()
        self.metrics += [m.name for r in request.resource_metrics for p in r.scope_metrics for m in p.metrics]
        return metrics.ExportMetricsServiceResponse()


async def test_metrics_and_traces_reach_the_configured_endpoint():
    sink, server = Sink(), grpc.aio.server()
    trace_grpc.add_TraceServiceServicer_to_server(sink, server)
    metrics_grpc.add_MetricsServiceServicer_to_server(sink, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    telemetry = Telemetry.start("mediator", TelemetryConfig(otlp_endpoint=f"http://127.0.0.1:{port}"))
    telemetry.meter("mediator").create_counter("causely.things").add(1)
    with telemetry.tracer().start_as_current_span("judge"):
        pass
    await asyncio.to_thread(telemetry.stop)
    await server.stop(None)
    assert "judge" in sink.spans
    assert "causely.things" in sink.metrics
