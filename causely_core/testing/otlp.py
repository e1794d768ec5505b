"""Sending spans, metrics and logs as an instrumented application does."""

from __future__ import annotations

import secrets
from types import TracebackType
from typing import Self

import grpc
from attrs import define, field
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2_grpc import LogsServiceStub
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2_grpc import MetricsServiceStub
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, ResourceLogs, ScopeLogs, SeverityNumber
from opentelemetry.proto.metrics.v1.metrics_pb2 import Gauge, Metric, NumberDataPoint, ResourceMetrics, ScopeMetrics
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

from causely_core.model import Clock

NANO = 1_000_000_000
DEADLINE = 20.0


@define
class Otlp:
    """Speaks OTLP/gRPC to a mediator. Use it in ``async with``.

    Attributes:
        target: ``host:port``.
        clock: when things end that are sent.
    """

    target: str
    clock: Clock
    _channel: grpc.aio.Channel = field(init=False)

    async def __aenter__(self) -> Self:
        self._channel = grpc.aio.insecure_channel(self.target)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._channel.close()

    async def requests(
        self, service: str, seconds: float, *, count: int = 1, failed: int = 0, caller: str = ""
    ) -> None:
        """``count`` requests that ``service`` answered just now, each after so many seconds.

        Args:
            service: the name of who answers.
            seconds: that each takes.
            count: how many.
            failed: how many of them fail.
            caller: the name of the service that sent them; empty for who is not instrumented.
        """
        spans: dict[str, list[Span]] = {service: []}
        for number in range(count):
            served = self._span(Span.SPAN_KIND_SERVER, seconds, number < failed)
            spans[service].append(served)
            if caller:
                sent = self._span(Span.SPAN_KIND_CLIENT, seconds, number < failed)
                sent.trace_id, served.parent_span_id = served.trace_id, sent.span_id
                spans.setdefault(caller, []).append(sent)
        resources = [
            ResourceSpans(resource=_of(name), scope_spans=[ScopeSpans(spans=own)]) for name, own in spans.items()
        ]
        request = ExportTraceServiceRequest(resource_spans=resources)
        stub = TraceServiceStub(self._channel)  # type: ignore[no-untyped-call]
        await stub.Export(request, timeout=DEADLINE, wait_for_ready=True)

    async def gauge(self, service: str, name: str, value: float, unit: str = "1") -> None:
        """One value of a gauge that ``service`` measured just now."""
        point = NumberDataPoint(time_unix_nano=int(self.clock.now() * NANO), as_double=value)
        metric = Metric(name=name, unit=unit, gauge=Gauge(data_points=[point]))
        resource = ResourceMetrics(resource=_of(service), scope_metrics=[ScopeMetrics(metrics=[metric])])
        request = ExportMetricsServiceRequest(resource_metrics=[resource])
        stub = MetricsServiceStub(self._channel)  # type: ignore[no-untyped-call]
        await stub.Export(request, timeout=DEADLINE, wait_for_ready=True)

    async def log(self, service: str, *messages: str, severity: str = "ERROR") -> None:
        """Records that ``service`` logged just now, one for each message.

        Args:
            service: the name of who logs.
            messages: what is logged.
            severity: ``TRACE``, ``DEBUG``, ``INFO``, ``WARN``, ``ERROR`` or ``FATAL``.

        Raises:
            ValueError: there is no such severity.
        """
        number = SeverityNumber.Value(f"SEVERITY_NUMBER_{severity}")
        records = [self._record(message, number) for message in messages]
        resource = ResourceLogs(resource=_of(service), scope_logs=[ScopeLogs(log_records=records)])
        stub = LogsServiceStub(self._channel)  # type: ignore[no-untyped-call]
        request = ExportLogsServiceRequest(resource_logs=[resource])
        await stub.Export(request, timeout=DEADLINE, wait_for_ready=True)

    def _record(self, message: str, severity: SeverityNumber.ValueType) -> LogRecord:
        now = int(self.clock.now() * NANO)
        return LogRecord(
            time_unix_nano=now,
            observed_time_unix_nano=now,
            severity_number=severity,
            body=AnyValue(string_value=message),
        )

    def _span(self, kind: Span.SpanKind.ValueType, seconds: float, failed: bool) -> Span:
        end = self.clock.now()
        return Span(
            trace_id=secrets.token_bytes(16),
            span_id=secrets.token_bytes(8),
            name="GET /",
            kind=kind,
            start_time_unix_nano=int((end - seconds) * NANO),
            end_time_unix_nano=int(end * NANO),
            status=Status(code=Status.STATUS_CODE_ERROR if failed else Status.STATUS_CODE_UNSET),
            attributes=[_text("http.request.method", "GET"), _text("http.route", "/")],
        )


def _of(service: str) -> Resource:
    return Resource(attributes=[_text("service.name", service)])


def _text(key: str, value: str) -> KeyValue:
    return KeyValue(key=key, value=AnyValue(string_value=value))
