"""Metrics for who comes and asks: OpenTelemetry's page for Prometheus, with how long calls took.

Standard variables ask for it: `OTEL_METRICS_EXPORTER=prometheus`, at `OTEL_EXPORTER_PROMETHEUS_PORT`. Whoever gets
spans knows how long calls took; whoever gets metrics only learns it from the durations here.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.trace import SpanKind
from prometheus_client import start_http_server

from shop.ports import LISTEN

if TYPE_CHECKING:
    from opentelemetry.metrics import Histogram, Meter

BOUNDARIES = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
"""Of buckets, in seconds, as the semantic conventions advise."""
DURATIONS = {
    (SpanKind.SERVER, "http.request.method"): "http.server.request.duration",
    (SpanKind.CLIENT, "http.request.method"): "http.client.request.duration",
    (SpanKind.SERVER, "rpc.system"): "rpc.server.call.duration",
    (SpanKind.CLIENT, "rpc.system"): "rpc.client.call.duration",
    (SpanKind.CLIENT, "db.system.name"): "db.client.operation.duration",
}
"""Names of metrics, by the kind of a span and an attribute that it has."""
TOLD = (
    "http.request.method", "http.route", "http.response.status_code", "rpc.method", "rpc.system", "db.system.name",
    "db.namespace", "db.operation.name", "server.address", "server.port", "peer.service", "error.type",
)  # fmt: skip
"""Attributes of spans that metrics have too: those that have few values."""


def reader() -> PrometheusMetricReader:
    """Serve the metrics from now on, and return what a meter provider is to tell them to."""
    start_http_server(int(os.environ["OTEL_EXPORTER_PROMETHEUS_PORT"]), LISTEN)
    return PrometheusMetricReader()


class Durations(SpanProcessor):
    """Counts spans as calls, when they end."""

    def __init__(self, meter: Meter) -> None:
        """Take who makes instruments."""
        self._histograms: dict[str, Histogram] = {
            name: meter.create_histogram(name, "s", explicit_bucket_boundaries_advisory=BOUNDARIES)
            for name in DURATIONS.values()
        }

    def on_end(self, span: ReadableSpan) -> None:
        """Count a call by what its span says."""
        attributes = span.attributes or {}
        for (kind, key), name in DURATIONS.items():
            if span.kind is kind and key in attributes and span.start_time and span.end_time:
                told = {each: attributes[each] for each in TOLD if each in attributes}
                self._histograms[name].record((span.end_time - span.start_time) / 1e9, told)
