import math

import pytest
from opentelemetry.proto.metrics.v1 import metrics_pb2 as pb

from .telling import DELTA, NOW, World, counts, gauge, histogram, nanos, number, total

MEMORY = "process.memory.usage"


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_values_that_are_no_numbers_are_rejected(value):
    outcome = World().tell(gauge(MEMORY, number(value), number(1.0)))

    assert (outcome.accepted, outcome.message) == (1, "1 rejected: a value is not a finite number")


@pytest.mark.parametrize("time", [0.0, NOW - 4000, NOW + 4000])
def test_points_of_another_time_are_rejected(time):
    outcome = World().tell(gauge(MEMORY, number(1.0, time)))

    assert outcome.accepted == 0
    assert outcome.message == "1 rejected: the time of a point is missing, or more than an hour from now"


def test_a_point_without_a_value_is_rejected():
    outcome = World().tell(gauge(MEMORY, pb.NumberDataPoint(time_unix_nano=nanos(NOW))))

    assert outcome.message == "1 rejected: a point has no value"


def test_a_malformed_histogram_is_rejected_and_the_others_are_taken():
    bad, good = counts([1.0], [1]), counts([1.0], [1, 1])
    world = World()

    outcome = world.tell(histogram("jvm.gc.duration", bad, good, temporality=DELTA))

    assert outcome.accepted == 1
    assert outcome.message == "1 rejected: a histogram needs one bucket count more than bounds"
    assert world.value("gc_duration.p95") is not None


def test_a_point_that_says_it_has_no_value_is_accepted():
    point = number(5.0)
    point.flags = pb.DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK
    world = World()

    assert world.tell(gauge(MEMORY, point)).accepted == 1
    assert world.values() == {}


def test_a_metric_without_data_is_nothing():
    assert World().tell(pb.Metric(name=MEMORY)).accepted == 0


def test_integers_are_numbers():
    world = World()
    world.tell(gauge(MEMORY, pb.NumberDataPoint(time_unix_nano=nanos(NOW), as_int=7)))

    assert world.value("memory_usage") == 7.0


def test_a_histogram_of_what_is_a_level_is_ignored():
    world = World()

    assert world.tell(histogram(MEMORY, counts([1.0], [1, 1]))).accepted == 1
    assert world.metrics.ignored == 1


def test_a_summary_tells_its_own_percentile():
    quantiles = [pb.SummaryDataPoint.ValueAtQuantile(quantile=at, value=v) for at, v in ((0.5, 1), (0.95, 2), (1, 9))]
    point = pb.SummaryDataPoint(time_unix_nano=nanos(NOW), quantile_values=quantiles)
    world = World()

    world.tell(pb.Metric(name="jvm.gc.pause", unit="milliseconds", summary=pb.Summary(data_points=[point])))

    assert world.value("gc_duration.p95") == pytest.approx(0.002)


def test_a_summary_without_a_high_percentile_tells_nothing():
    point = pb.SummaryDataPoint(time_unix_nano=nanos(NOW))
    world = World()

    assert world.tell(pb.Metric(name="jvm.gc.pause", summary=pb.Summary(data_points=[point]))).accepted == 1
    assert world.values() == {}


def test_an_exponential_histogram_tells_the_percentile():
    buckets = pb.ExponentialHistogramDataPoint.Buckets(offset=0, bucket_counts=[0, 10])
    point = pb.ExponentialHistogramDataPoint(
        time_unix_nano=nanos(NOW), start_time_unix_nano=nanos(NOW - 10), count=10, scale=0, positive=buckets
    )
    data = pb.ExponentialHistogram(data_points=[point], aggregation_temporality=DELTA)
    world = World()

    world.tell(pb.Metric(name="jvm.gc.duration", unit="s", exponential_histogram=data))

    assert world.value("gc_duration.p95") == pytest.approx(2.0 + 2.0 * 0.95)


@pytest.mark.parametrize(("unit", "bytes"), [("By", 3), ("KiBy", 3072), ("MiBy", 3 << 20), ("kBy", 3000), ("", 3)])
def test_units_are_honoured(unit, bytes):
    world = World()
    world.tell(gauge(MEMORY, number(3.0), unit=unit))

    assert world.value("memory_usage") == bytes


def test_percent_become_a_share():
    world = World()
    world.tell(gauge("process.memory.utilization", number(42.0), unit="%"))

    assert world.value("memory_utilization") == pytest.approx(0.42)


def test_cpu_time_may_come_in_milliseconds():
    world = World()
    for at, value in ((0, 0.0), (10, 5000.0)):
        world.tell(total("process.cpu.time", number(value, NOW + at), unit="ms"))

    assert world.value("cpu_utilization") == pytest.approx(0.5)
