"""Self-observability: the process's own metrics for /metrics, and over OTLP where one is configured."""

from __future__ import annotations

from attrs import frozen
from opentelemetry.metrics import Meter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Tracer
from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector

from causely_core import __version__


@frozen
class TelemetryConfig:
    """Where the process's own telemetry goes.

    Attributes:
        otlp_endpoint: OTLP/gRPC endpoint such as ``http://collector:4317``; empty exports nothing.
        export_interval: seconds between metric exports.
    """

    otlp_endpoint: str = ""
    export_interval: float = 30.0


@frozen
class Telemetry:
    """The providers of one process.

    Attributes:
        registry: Prometheus view of the same metrics.
    """

    meters: MeterProvider
    tracers: TracerProvider
    registry: CollectorRegistry

    @classmethod
    def start(cls, component: str, config: TelemetryConfig) -> Telemetry:
        """Set up metrics and traces for ``component``; nothing global is touched."""
        resource = Resource.create({"service.name": f"causely-{component}", "service.version": __version__})
        registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        meters = MeterProvider(_readers(registry, config), resource=resource, shutdown_on_exit=False)
        return cls(meters, _tracers(resource, config), registry)

    def meter(self, part: str) -> Meter:
        """The meter of one part of the process: of two instruments with one name in one meter only the first counts."""
        return self.meters.get_meter(f"causely.{part}", __version__)

    def tracer(self, name: str = "causely") -> Tracer:
        """The tracer of an instrumentation scope."""
        return self.tracers.get_tracer(name, __version__)

    def stop(self) -> None:
        """Flush what is left and stop the exporters."""
        self.meters.shutdown()
        self.tracers.shutdown()


def _readers(registry: CollectorRegistry, config: TelemetryConfig) -> list[MetricReader]:
    from opentelemetry.exporter.prometheus import PrometheusMetricReader

    readers: list[MetricReader] = [
        PrometheusMetricReader(disable_target_info=True, scope_info_enabled=False, registry=registry)
    ]
    if config.otlp_endpoint:
        from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter

        exporter = OTLPMetricExporter(endpoint=config.otlp_endpoint)
        readers.append(PeriodicExportingMetricReader(exporter, config.export_interval * 1000))
    return readers


def _tracers(resource: Resource, config: TelemetryConfig) -> TracerProvider:
    tracers = TracerProvider(resource=resource, shutdown_on_exit=False)
    if config.otlp_endpoint:
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        tracers.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=config.otlp_endpoint)))
    return tracers
