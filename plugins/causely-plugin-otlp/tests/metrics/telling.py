"""Requests of metrics in a few words, and what becomes of them."""

from attrs import define, field
from causely_plugin_otlp.config import OtlpConfig
from causely_plugin_otlp.metrics.folding import Metrics
from causely_plugin_otlp.places import Places
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.metrics.v1 import metrics_pb2 as pb

from causely_core.traffic.live_topology import LiveTopology

NOW = 1_700_000_000.0
CART = {"service.name": "cart", "service.instance.id": "1"}
DELTA = pb.AGGREGATION_TEMPORALITY_DELTA
CUMULATIVE = pb.AGGREGATION_TEMPORALITY_CUMULATIVE


def attributes(values):
    return [KeyValue(key=key, value=AnyValue(string_value=str(value))) for key, value in values.items()]


def nanos(seconds):
    return round(seconds * 1e9)


def number(value, time=NOW, start=0.0, **labels):
    return pb.NumberDataPoint(
        time_unix_nano=nanos(time),
        start_time_unix_nano=nanos(start),
        as_double=value,
        attributes=attributes({key.replace("__", "."): label for key, label in labels.items()}),
    )


def gauge(name, *points, unit=""):
    return pb.Metric(name=name, unit=unit, gauge=pb.Gauge(data_points=points))


def total(name, *points, unit="", temporality=CUMULATIVE, monotonic=True):
    data = pb.Sum(data_points=points, aggregation_temporality=temporality, is_monotonic=monotonic)
    return pb.Metric(name=name, unit=unit, sum=data)


def counts(bounds, values, time=NOW, start=0.0, labels=None):
    return pb.HistogramDataPoint(
        time_unix_nano=nanos(time),
        start_time_unix_nano=nanos(start),
        count=sum(values),
        explicit_bounds=bounds,
        bucket_counts=values,
        attributes=attributes(labels or {}),
    )


def histogram(name, *points, unit="s", temporality=CUMULATIVE):
    data = pb.Histogram(data_points=points, aggregation_temporality=temporality)
    return pb.Metric(name=name, unit=unit, histogram=data)


@define
class World:
    """A metrics half with a topology of its own."""

    config: OtlpConfig = field(factory=OtlpConfig)
    topology: LiveTopology = field(init=False)
    metrics: Metrics = field(init=False)

    def __attrs_post_init__(self):
        self.topology = LiveTopology(self.config.max_entities, self.config.entity_ttl)
        self.metrics = Metrics(Places(self.topology), self.config)

    def tell(self, *metrics, resource=CART, now=NOW):
        request = ExportMetricsServiceRequest()
        told = request.resource_metrics.add()
        told.resource.attributes.extend(attributes(resource))
        told.scope_metrics.add().metrics.extend(metrics)
        return self.metrics.fold(request, now)

    def values(self, now=NOW):
        return {(series.entity, series.attribute): value for series, value in self.metrics.flush(now)}

    def value(self, attribute, entity="Service:cart", now=NOW):
        return self.values(now).get((entity, attribute))
