"""OpenTelemetry by hand: providers, the current span, and context across process borders.

The endpoint, the export intervals and the service's name come from the standard `OTEL_*` variables.
"""

from __future__ import annotations

import logging
import os
import socket
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shop.errors import DownstreamFailure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, MutableMapping, Sequence

Attribute = str | int | float | bool

log = logging.getLogger("shop")
tracer = trace.get_tracer("shop")
_propagator = TraceContextTextMapPropagator()


def setup() -> None:
    """Export this process's spans, metrics, and log lines from WARNING up over OTLP."""
    # Imported here so that processes of third parties, which export nothing, do not pay for it.
    from opentelemetry import metrics
    from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
    from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
    from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    resource = Resource.create(_identity())
    traces = TracerProvider(resource=resource)
    traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(traces)
    if os.environ.get("OTEL_METRICS_EXPORTER") == "prometheus":
        from shop import scraped

        metrics.set_meter_provider(MeterProvider([scraped.reader()], resource=resource))
        traces.add_span_processor(scraped.Durations(metrics.get_meter("shop")))
    else:
        reader = PeriodicExportingMetricReader(OTLPMetricExporter())
        metrics.set_meter_provider(MeterProvider([reader], resource=resource))
    logs = LoggerProvider(resource=resource)
    logs.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
    log.addHandler(LoggingHandler(level=logging.WARNING, logger_provider=logs))


def _identity() -> dict[str, Attribute]:
    return {
        "service.namespace": "shop",
        "service.instance.id": str(uuid.uuid4()),
        "service.version": "1.0.0",
        "process.pid": os.getpid(),
        "host.name": socket.gethostname(),
    }


@contextmanager
def span(
    name: str,
    kind: SpanKind,
    attributes: Mapping[str, Attribute],
    context: Context | None = None,
    links: Sequence[Link] = (),
) -> Iterator[Span]:
    """Make a span current; an exception that leaves it is recorded, marks it as failed, and goes on."""
    with tracer.start_as_current_span(
        name, context, kind, attributes, links, record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield current
        except Exception as error:
            fail(current, error)
            raise


def fail(current: Span, error: Exception) -> None:
    """Mark a span as failed because of `error`, named by what the peer said or else by its class."""
    current.record_exception(error)
    reason = error.reason if isinstance(error, DownstreamFailure) else type(error).__name__
    current.set_attribute("error.type", reason)
    current.set_status(Status(StatusCode.ERROR, str(error)))


def inject(carrier: MutableMapping[str, str]) -> None:
    """Write the current span's W3C `traceparent` into headers, metadata or a message."""
    _propagator.inject(carrier)


def extract(carrier: Mapping[str, str]) -> Context:
    """Return the context that the sender wrote into `carrier`, or an empty one."""
    return _propagator.extract(carrier, context=Context())
