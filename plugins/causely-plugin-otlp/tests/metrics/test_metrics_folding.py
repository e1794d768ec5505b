import pytest
from causely_plugin_otlp.config import OtlpConfig
from causely_plugin_otlp.metrics.conventions import BY_METRIC
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from .telling import CART, DELTA, NOW, World, counts, gauge, histogram, number, total

OTHER = {"service.name": "cart", "service.instance.id": "2"}


def test_a_metric_without_a_meaning_is_accepted_and_counted_as_ignored():
    world = World()

    outcome = world.tell(gauge("my.own", number(1.0), number(2.0, a="b")))

    assert (outcome.accepted, outcome.message, world.metrics.ignored) == (2, "", 2)
    assert world.values() == {}


def test_a_value_is_told_once():
    world = World()
    world.tell(gauge("process.memory.usage", number(5.0)))

    assert world.values() == {("Service:cart", "memory_usage"): 5.0}
    assert world.values() == {}


def test_a_repeated_point_is_no_news():
    world = World()
    world.tell(gauge("process.memory.usage", number(5.0)))
    world.values()

    world.tell(gauge("process.memory.usage", number(5.0)))

    assert world.values() == {}


def test_the_largest_instance_shows_even_when_only_the_other_reports():
    world = World()
    world.tell(gauge("process.memory.usage", number(9.0)))
    world.tell(gauge("process.memory.usage", number(5.0)), resource=OTHER)
    world.values()

    world.tell(gauge("process.memory.usage", number(6.0, NOW + 10)), resource=OTHER, now=NOW + 10)

    assert world.value("memory_usage", now=NOW + 10) == 9.0


def test_a_silent_instance_leaves_the_aggregate():
    world = World(OtlpConfig(metric_staleness=60.0))
    world.tell(gauge("process.memory.usage", number(9.0)))
    later = NOW + 61

    world.tell(gauge("process.memory.usage", number(5.0, later)), resource=OTHER, now=later)

    assert world.value("memory_usage", now=later) == 5.0
    assert world.metrics.streams == 1


def test_nothing_is_kept_of_who_fell_silent():
    world = World(OtlpConfig(metric_staleness=60.0))
    world.tell(gauge("process.memory.usage", number(9.0)))

    assert world.values(NOW + 61) == {}
    assert world.metrics.streams == 0


def test_waiting_requests_of_all_instances_and_pools_add_up():
    world = World()
    name = "db.client.connection.pending_requests"
    world.tell(total(name, number(2.0, pool="a"), number(1.0, pool="b"), monotonic=False))
    world.tell(total(name, number(4.0, pool="a"), monotonic=False), resource=OTHER)

    assert world.value("connection_pool.pending") == 7.0


def test_pods_with_equal_process_ids_are_two_instances():
    world = World()
    for pod, value in (("cart-a", 9.0), ("cart-b", 5.0)):
        resource = {"service.name": "cart", "k8s.pod.name": pod, "process.pid": "1"}
        world.tell(gauge("process.memory.usage", number(value)), resource=resource)

    assert world.value("memory_usage") == 9.0
    assert world.metrics.streams == 2


def test_cpu_time_becomes_the_share_of_one_core():
    world = World()
    for at, user, system in ((0, 100.0, 10.0), (10, 104.0, 11.0)):
        points = (number(user, NOW + at, cpu__mode="user"), number(system, NOW + at, cpu__mode="system"))
        world.tell(total("process.cpu.time", *points, unit="s"))

    assert world.value("cpu_utilization") == pytest.approx(0.5)


def test_the_first_point_of_cpu_time_tells_nothing():
    world = World()

    world.tell(total("process.cpu.time", number(100.0, NOW, NOW - 1)))

    assert world.values() == {}


def test_a_counter_that_drops_began_anew():
    world = World()
    for at, value in ((0, 100.0), (10, 5.0)):
        world.tell(total("process.cpu.time", number(value, NOW + at)))

    assert world.value("cpu_utilization") == pytest.approx(0.5)


def test_a_new_start_time_resets_a_counter_of_events_even_when_it_is_larger():
    world = World()
    name = "db.client.connection.timeouts"
    world.tell(total(name, number(10.0, NOW, NOW - 1000)))

    world.tell(total(name, number(30.0, NOW + 10, NOW + 1)))

    assert world.value("connection_pool.timeout_rate") == pytest.approx(3.0)


def test_a_new_start_time_does_not_reset_the_machines_cpu_time():
    world = World()
    resource = {"host.name": "node-1", "service.name": "agent"}
    for at, value, start in ((0, 5e6, NOW - 5), (10, 5e6 + 4, NOW + 1)):
        metric = total("system.cpu.time", number(value, NOW + at, start, state="user", cpu="0"))
        world.tell(metric, resource=resource)

    assert world.value("cpu_utilization", "Node:node-1") == pytest.approx(0.4)


def test_events_since_a_start_just_now_count_from_the_first_point():
    world = World()

    world.tell(total("db.client.connection.timeouts", number(20.0, NOW, NOW - 10)))

    assert world.value("connection_pool.timeout_rate") == pytest.approx(2.0)


def test_deltas_add_up_over_the_flush():
    world = World()
    name = "db.client.connection.timeouts"
    for at, value in ((0, 1.0), (10, 3.0)):
        world.tell(total(name, number(value, NOW + at, NOW + at - 10), temporality=DELTA))

    assert world.value("connection_pool.timeout_rate") == pytest.approx(0.2)


def test_deltas_of_a_level_add_up_to_it():
    world = World()
    for at, value in ((0, 3.0), (10, -1.0)):
        point = number(value, NOW + at, NOW + at - 10)
        world.tell(total("db.client.connection.pending_requests", point, temporality=DELTA, monotonic=False))

    assert world.value("connection_pool.pending") == 2.0


def test_the_percentile_is_of_what_was_counted_since_the_last_point():
    world = World()
    bounds = [0.1, 1.0, 10.0]
    world.tell(histogram("messaging.process.duration", counts(bounds, [1000, 0, 0, 0], NOW, 1.0)))
    assert world.values() == {}

    world.tell(histogram("messaging.process.duration", counts(bounds, [1000, 0, 100, 0], NOW + 10, 1.0)))

    assert world.value("process_duration.p95") == pytest.approx(1.0 + 9.0 * 0.95)


def test_a_histogram_that_counted_nothing_new_tells_nothing():
    world = World()
    for at in (0, 10):
        world.tell(histogram("jvm.gc.duration", counts([0.1, 1.0], [5, 0, 0], NOW + at, 1.0)))

    assert world.values() == {}


def test_a_histogram_with_other_bounds_begins_anew_without_a_value():
    world = World()
    world.tell(histogram("jvm.gc.duration", counts([0.1, 1.0], [5, 0, 0], NOW, 1.0)))

    world.tell(histogram("jvm.gc.duration", counts([0.2, 1.0], [9, 0, 0], NOW + 10, 1.0)))

    assert world.values() == {}


def test_histograms_of_all_instances_are_merged():
    world = World()
    for resource, values in ((CART, [80, 0, 0]), (OTHER, [0, 20, 0])):
        point = counts([0.1, 1.0], values, NOW, NOW - 10)
        world.tell(histogram("jvm.gc.duration", point, temporality=DELTA), resource=resource)

    assert world.value("gc_duration.p95") == pytest.approx(0.1 + 0.9 * 0.75)


def test_the_longest_silent_streams_make_room():
    world = World(OtlpConfig(max_entities=2))
    points = [number(1.0, pool=str(at)) for at in range(20)]

    world.tell(gauge("db.client.connection.pending_requests", *points))

    assert (world.metrics.streams, world.metrics.dropped) == (8, 12)
    assert world.value("connection_pool.pending") == 8.0


def test_an_entity_without_room_in_the_topology_has_no_values():
    world = World(OtlpConfig(max_entities=1))
    world.tell(gauge("process.memory.usage", number(1.0)))

    world.tell(gauge("process.memory.usage", number(2.0)), resource={"service.name": "late"})

    assert list(world.values()) == [("Service:cart", "memory_usage")]


_FLOATS = st.floats(allow_nan=True, allow_infinity=True)
_TIMES = st.one_of(st.just(0.0), st.floats(NOW - 4000, NOW + 4000))
_NUMBERS = st.builds(number, _FLOATS, _TIMES, _TIMES, state=st.sampled_from(["used", "idle", "", "x"]))
_COUNTS = st.builds(
    counts,
    st.lists(_FLOATS, max_size=4),
    st.lists(st.integers(0, 2**60), max_size=5).map(lambda values: values[:4]),
    _TIMES,
    _TIMES,
)
_NAMES = st.sampled_from([*sorted(BY_METRIC), "unknown"])
_UNITS = st.sampled_from(["", "s", "ms", "MiBy", "%", "{thing}"])
_METRICS = st.one_of(
    st.builds(gauge, _NAMES, _NUMBERS, _NUMBERS, unit=_UNITS),
    st.builds(total, _NAMES, _NUMBERS, unit=_UNITS, temporality=st.integers(0, 2), monotonic=st.booleans()),
    st.builds(histogram, _NAMES, _COUNTS, unit=_UNITS, temporality=st.integers(0, 2)),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_METRICS, max_size=8))
def test_whatever_comes_every_point_is_answered_and_no_value_is_negative(metrics):
    world = World()
    resource = {"service.name": "s", "host.name": "h", "k8s.pod.name": "p", "k8s.node.name": "n", "container.id": "c"}

    outcome = world.tell(*metrics, resource=resource)

    told = sum(
        len(metric.gauge.data_points or metric.sum.data_points or metric.histogram.data_points) for metric in metrics
    )
    assert outcome.accepted + outcome.rejected.total() == told
    assert all(value >= 0 for value in world.values().values())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.floats(0.001, 100), st.floats(0, 1e12)), min_size=2, max_size=20))
def test_rates_are_never_negative(steps):
    world = World()
    time = NOW
    for after, value in steps:
        time += after
        world.tell(total("process.cpu.time", number(value, time)), now=time)
        assert all(rate >= 0 for rate in world.values(time).values())


def test_an_empty_request_is_nothing():
    assert World().metrics.fold(ExportMetricsServiceRequest(), NOW).accepted == 0
