import time

import pytest
from opentelemetry.exporter.otlp.proto.common.metrics_encoder import encode_metrics
from opentelemetry.sdk.metrics import Counter, Histogram, MeterProvider
from opentelemetry.sdk.metrics.export import AggregationTemporality, InMemoryMetricReader
from opentelemetry.sdk.metrics.view import (
    ExplicitBucketHistogramAggregation,
    ExponentialBucketHistogramAggregation,
    View,
)
from opentelemetry.sdk.resources import Resource

from .telling import World


@pytest.fixture(params=[AggregationTemporality.CUMULATIVE, AggregationTemporality.DELTA], ids=lambda kind: kind.name)
def sdk(request):
    reader = InMemoryMetricReader(preferred_temporality=dict.fromkeys((Counter, Histogram), request.param))

    def provide(aggregation):
        view = View(instrument_name="messaging.process.duration", aggregation=aggregation)
        resource = Resource({"service.name": "cart"})
        return MeterProvider([reader], resource, views=[view], shutdown_on_exit=False).get_meter("test"), reader

    return provide


def fold(world, reader):
    now = time.time()
    outcome = world.metrics.fold(encode_metrics(reader.get_metrics_data()), now)
    assert outcome.message == ""
    return world.values(now)


@pytest.mark.parametrize(
    ("aggregation", "error"),
    [
        (ExplicitBucketHistogramAggregation([n / 100 for n in range(1, 200)]), 0.01),
        (ExponentialBucketHistogramAggregation(), 0.05),
    ],
)
def test_percentiles_of_what_an_sdk_recorded(sdk, aggregation, error):
    meter, reader = sdk(aggregation)
    durations = meter.create_histogram("messaging.process.duration", unit="s")
    world = World()
    found = []
    for scale in (0.001, 0.01):
        for n in range(1, 101):
            durations.record(n * scale)
        found.append(fold(world, reader)["Service:cart", "process_duration.p95"])

    assert found == [pytest.approx(0.095, rel=error, abs=0.006), pytest.approx(0.95, rel=error)]


def test_levels_and_rates_of_an_sdk(sdk):
    meter, reader = sdk(ExplicitBucketHistogramAggregation())
    pending = meter.create_up_down_counter("db.client.connection.pending_requests", unit="{request}")
    timeouts = meter.create_counter("db.client.connection.timeouts", unit="{timeout}")
    world = World()
    pending.add(5)
    timeouts.add(1)
    fold(world, reader)
    pending.add(-2)
    timeouts.add(1)

    found = fold(world, reader)

    assert found["Service:cart", "connection_pool.pending"] == 3.0
    assert found["Service:cart", "connection_pool.timeout_rate"] > 0
