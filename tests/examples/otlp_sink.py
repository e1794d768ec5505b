"""A tiny OTLP receiver that keeps what it gets, for asking questions about it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import grpc
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2 as logs
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2_grpc as logs_grpc
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2 as metrics
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2_grpc as metrics_grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as traces
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2_grpc as traces_grpc
from opentelemetry.proto.trace.v1.trace_pb2 import Span as ProtoSpan
from opentelemetry.proto.trace.v1.trace_pb2 import Status


@dataclass(frozen=True)
class Span:
    """A span with its service; times in epoch seconds."""

    service: str
    name: str
    kind: str
    id: bytes
    parent: bytes
    start: float
    end: float
    error: bool
    attributes: dict[str, Any]
    links: tuple[bytes, ...]

    @property
    def seconds(self) -> float:
        return self.end - self.start


@dataclass(frozen=True)
class Point:
    """A metric's value (a histogram's sum) at a moment in epoch seconds."""

    service: str
    name: str
    time: float
    value: float
    attributes: dict[str, Any]


@dataclass(frozen=True)
class Line:
    """A log line."""

    service: str
    severity: str
    body: str
    trace: bytes


class Sink:
    """Listens on a free loopback port until closed."""

    def __init__(self) -> None:
        self.spans: dict[bytes, Span] = {}
        self.points: list[Point] = []
        self.lines: list[Line] = []
        self.resources: dict[str, dict[str, Any]] = {}
        self.lock = threading.Lock()
        self._server = grpc.server(ThreadPoolExecutor(4))
        traces_grpc.add_TraceServiceServicer_to_server(_Traces(self), self._server)
        metrics_grpc.add_MetricsServiceServicer_to_server(_Metrics(self), self._server)
        logs_grpc.add_LogsServiceServicer_to_server(_Logs(self), self._server)
        self.endpoint = f"http://127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def close(self) -> None:
        self._server.stop(None)

    def service(self, resource: Any) -> str:
        attributes = plain(resource.attributes)
        self.resources[attributes["service.name"]] = attributes
        return attributes["service.name"]

    def find(self, service: str, name: str, since: float = 0.0) -> list[Span]:
        """Return the spans of a service by name that began at `since` or later, in order."""
        with self.lock:
            found = [s for s in self.spans.values() if (s.service, s.name) == (service, name)]
        return sorted((s for s in found if s.start >= since), key=lambda s: s.start)

    def values(self, service: str, name: str, since: float = 0.0, **labels: str) -> list[float]:
        """Return a metric's values at `since` or later; labels are given with `_` for `.`."""
        wanted = {key.replace("_", "."): value for key, value in labels.items()}
        with self.lock:
            points = [p for p in self.points if (p.service, p.name) == (service, name) and p.time >= since]
        return [p.value for p in points if wanted.items() <= p.attributes.items()]


class _Traces(traces_grpc.TraceServiceServicer):
    def __init__(self, sink: Sink) -> None:
        self.sink = sink

    def Export(self, request: Any, context: grpc.ServicerContext) -> Any:
        with self.sink.lock:
            for group in request.resource_spans:
                service = self.sink.service(group.resource)
                for span in (span for scope in group.scope_spans for span in scope.spans):
                    self.sink.spans[span.span_id] = to_span(service, span)
        return traces.ExportTraceServiceResponse()


class _Metrics(metrics_grpc.MetricsServiceServicer):
    def __init__(self, sink: Sink) -> None:
        self.sink = sink

    def Export(self, request: Any, context: grpc.ServicerContext) -> Any:
        with self.sink.lock:
            for group in request.resource_metrics:
                service = self.sink.service(group.resource)
                for metric in (metric for scope in group.scope_metrics for metric in scope.metrics):
                    self.sink.points.extend(to_points(service, metric))
        return metrics.ExportMetricsServiceResponse()


class _Logs(logs_grpc.LogsServiceServicer):
    def __init__(self, sink: Sink) -> None:
        self.sink = sink

    def Export(self, request: Any, context: grpc.ServicerContext) -> Any:
        with self.sink.lock:
            for group in request.resource_logs:
                service = self.sink.service(group.resource)
                for record in (record for scope in group.scope_logs for record in scope.log_records):
                    line = Line(service, record.severity_text, record.body.string_value, record.trace_id)
                    self.sink.lines.append(line)
        return logs.ExportLogsServiceResponse()


def plain(attributes: Any) -> dict[str, Any]:
    """Return protobuf key-values as a dict."""
    return {pair.key: getattr(pair.value, pair.value.WhichOneof("value")) for pair in attributes}


def to_span(service: str, span: Any) -> Span:
    kind = ProtoSpan.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_")
    start, end = span.start_time_unix_nano / 1e9, span.end_time_unix_nano / 1e9
    error = span.status.code == Status.STATUS_CODE_ERROR
    links = tuple(link.span_id for link in span.links)
    return Span(service, span.name, kind, span.span_id, span.parent_span_id, start, end, error,
                plain(span.attributes), links)  # fmt: skip


def to_points(service: str, metric: Any) -> list[Point]:
    data = getattr(metric, metric.WhichOneof("data"))
    return [
        Point(service, metric.name, point.time_unix_nano / 1e9, value_of(point), plain(point.attributes))
        for point in data.data_points
    ]


def value_of(point: Any) -> float:
    if hasattr(point, "sum"):
        return point.sum
    return getattr(point, point.WhichOneof("value"))
