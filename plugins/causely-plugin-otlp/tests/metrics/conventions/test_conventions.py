import re
from pathlib import Path

import pytest
from causely_plugin_otlp.metrics.conventions import BY_METRIC, TABLES
from causely_plugin_otlp.metrics.rules import Kind

from ..telling import CART, DELTA, NOW, World, counts, gauge, histogram, number, total

POD = {"k8s.namespace.name": "shop", "k8s.pod.name": "cart-1", "k8s.node.name": "node-1"}
CONTAINER = {**POD, "k8s.container.name": "app"}
HOST = {"host.name": "node-1"}
SERVICE_ID, CONTAINER_ID, POD_ID, NODE_ID = (
    "Service:cart",
    "Container:shop/cart-1/app",
    "Pod:shop/cart-1",
    "Node:node-1",
)
DOCUMENT = Path(__file__).parents[5] / "docs" / "attributes.md"

LEVELS = [
    ("process.cpu.utilization", CART, SERVICE_ID, "cpu_utilization"),
    ("process.memory.usage", CART, SERVICE_ID, "memory_usage"),
    ("process.memory.utilization", CART, SERVICE_ID, "memory_utilization"),
    ("process.open_file_descriptor.count", CART, SERVICE_ID, "open_file_descriptors"),
    ("process.unix.file_descriptor.count", CART, SERVICE_ID, "open_file_descriptors"),
    ("process.thread.count", CART, SERVICE_ID, "thread_count"),
    ("jvm.cpu.recent_utilization", CART, SERVICE_ID, "cpu_utilization"),
    ("process.runtime.jvm.cpu.utilization", CART, SERVICE_ID, "cpu_utilization"),
    ("jvm.memory.used", CART, SERVICE_ID, "memory_usage"),
    ("jvm.thread.count", CART, SERVICE_ID, "thread_count"),
    ("go.memory.used", CART, SERVICE_ID, "memory_usage"),
    ("dotnet.process.memory.working_set", CART, SERVICE_ID, "memory_usage"),
    ("v8js.memory.heap.used", CART, SERVICE_ID, "memory_usage"),
    ("process.runtime.cpython.memory", CART, SERVICE_ID, "memory_usage"),
    ("db.client.connection.pending_requests", CART, SERVICE_ID, "connection_pool.pending"),
    ("db.client.connections.pending_requests", CART, SERVICE_ID, "connection_pool.pending"),
    ("container.cpu.usage", CONTAINER, CONTAINER_ID, "cpu_utilization"),
    ("container.cpu.usage", {**CART, "container.id": "c1"}, "Container:c1", "cpu_utilization"),
    ("container.cpu.usage", CART, SERVICE_ID, "cpu_utilization"),
    ("container.cpu.usage", CONTAINER, CONTAINER_ID, "cpu_usage"),
    ("container.cpu.utilization", CONTAINER, CONTAINER_ID, "cpu_utilization"),
    ("container.memory.usage", CONTAINER, CONTAINER_ID, "memory_usage"),
    ("container.memory.working_set", CONTAINER, CONTAINER_ID, "memory_usage"),
    ("k8s.container.cpu_limit_utilization", CONTAINER, CONTAINER_ID, "cpu_utilization"),
    ("k8s.container.memory_limit_utilization", CONTAINER, CONTAINER_ID, "memory_utilization"),
    ("k8s.pod.cpu.usage", POD, POD_ID, "cpu_utilization"),
    ("k8s.pod.cpu_limit_utilization", POD, POD_ID, "cpu_utilization"),
    ("k8s.pod.memory.working_set", POD, POD_ID, "memory_usage"),
    ("k8s.pod.memory_limit_utilization", POD, POD_ID, "memory_utilization"),
    ("k8s.node.memory.working_set", {"k8s.node.name": "node-1"}, NODE_ID, "memory_usage"),
    ("system.memory.utilization", HOST, NODE_ID, "memory_utilization"),
    ("system.memory.usage", HOST, NODE_ID, "memory_usage"),
    ("system.filesystem.utilization", HOST, NODE_ID, "disk_utilization"),
]


@pytest.mark.parametrize(("metric", "resource", "entity", "attribute"), LEVELS)
def test_a_level_is_an_attribute_of(metric, resource, entity, attribute):
    world = World()

    world.tell(gauge(metric, number(0.5)), resource=resource)

    assert world.value(attribute, entity) == 0.5


def busy(cores, metric, resource):
    """A world in which so many cores were in use for ten seconds."""
    world = World()
    for at in (0, 10):
        world.tell(total(metric, number(at * cores, NOW + at), unit="s"), resource=resource)
    return world


@pytest.mark.parametrize(
    ("metric", "resource", "entity"),
    [
        ("process.cpu.time", CART, SERVICE_ID),
        ("jvm.cpu.time", CART, SERVICE_ID),
        ("container.cpu.time", CONTAINER, CONTAINER_ID),
        ("k8s.pod.cpu.time", POD, POD_ID),
        ("system.cpu.time", HOST, NODE_ID),
    ],
)
def test_cpu_time_is_a_utilization_of(metric, resource, entity):
    assert busy(0.5, metric, resource).value("cpu_utilization", entity) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("metric", "resource", "entity"),
    [
        ("process.cpu.time", CART, SERVICE_ID),
        ("jvm.cpu.time", CART, SERVICE_ID),
        ("dotnet.process.cpu.time", CART, SERVICE_ID),
        ("container.cpu.time", CONTAINER, CONTAINER_ID),
    ],
)
def test_cpu_time_is_also_a_number_of_cores_in_use(metric, resource, entity):
    assert busy(1.5, metric, resource).value("cpu_usage", entity) == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("metric", "resource", "entity"),
    [
        ("system.paging.faults", HOST, NODE_ID),
        ("container.paging.faults", CONTAINER, CONTAINER_ID),
        ("container.memory.paging.faults", CONTAINER, CONTAINER_ID),
    ],
)
def test_of_page_faults_the_major_ones_count(metric, resource, entity):
    world = World()
    for at in (0, 10):
        kinds = {"major": 20.0 * at, "minor": 5000.0 * at}
        points = [number(value, NOW + at, system__paging__fault__type=kind) for kind, value in kinds.items()]
        world.tell(total(metric, *points), resource=resource)
    assert world.value("major_page_fault_rate", entity) == pytest.approx(20.0)


def test_time_in_pauses_is_a_share_of_all_time():
    assert busy(0.2, "dotnet.gc.pause.time", CART).value("gc_time_share", SERVICE_ID) == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("metric", "unit", "attribute"),
    [
        ("jvm.gc.duration", "s", "gc_duration.p95"),
        ("process.runtime.jvm.gc.duration", "", "gc_duration.p95"),
        ("process.runtime.go.gc.pause_ns", "", "gc_duration.p95"),
        ("v8js.gc.duration", "s", "gc_duration.p95"),
        ("db.client.connection.wait_time", "s", "connection_pool.wait.p95"),
        ("db.client.connections.wait_time", "ms", "connection_pool.wait.p95"),
        ("messaging.process.duration", "s", "process_duration.p95"),
    ],
)
def test_a_histogram_is_a_percentile_in_seconds(metric, unit, attribute):
    unit_of = {"": 1e9 if metric.endswith("_ns") else 1e3, "s": 1.0, "ms": 1e3}[unit]
    world = World()

    point = counts([1.0 * unit_of, 2.0 * unit_of], [0, 100, 0])
    world.tell(histogram(metric, point, unit=unit, temporality=DELTA))

    assert world.value(attribute) == pytest.approx(1.95)


def test_a_machine_is_as_busy_as_its_processors_on_average():
    busy = [("0", "user", 0.6), ("0", "system", 0.2), ("0", "idle", 0.2), ("1", "user", 0.1), ("1", "iowait", 0.9)]
    points = [number(share, cpu=cpu, state=state) for cpu, state, share in busy]
    world = World()

    world.tell(gauge("system.cpu.utilization", *points), resource=HOST)

    assert world.value("cpu_utilization", NODE_ID) == pytest.approx(0.45)


def test_memory_in_use_is_divided_by_all_states():
    points = [number(size, state=state) for state, size in (("used", 3.0), ("free", 1.0), ("cached", 2.0))]
    world = World()

    world.tell(total("system.memory.usage", *points, monotonic=False), resource=HOST)

    assert world.values() == {(NODE_ID, "memory_usage"): 3.0, (NODE_ID, "memory_utilization"): 0.5}


def test_the_fullest_disk_counts_and_images_do_not():
    sizes = [
        ("/", "ext4", "used", 30.0),
        ("/", "ext4", "free", 70.0),
        ("/data", "xfs", "used", 90.0),
        ("/data", "xfs", "free", 10.0),
        ("/snap", "squashfs", "used", 5.0),
    ]
    points = [number(size, mountpoint=mount, type=kind, state=state) for mount, kind, state, size in sizes]
    world = World()

    world.tell(total("system.filesystem.usage", *points, monotonic=False), resource=HOST)

    assert world.value("disk_utilization", NODE_ID) == pytest.approx(0.9)


def test_a_heap_is_the_sum_of_its_pools():
    used = [("heap", "eden", 2.0), ("heap", "old", 4.0), ("non_heap", "meta", 50.0)]
    points = [number(size, jvm__memory__type=kind, jvm__memory__pool__name=pool) for kind, pool, size in used]
    limit = number(8.0, jvm__memory__type="heap", jvm__memory__pool__name="old")
    world = World()

    world.tell(gauge("jvm.memory.used", *points), gauge("jvm.memory.limit", limit))

    assert world.values() == {(SERVICE_ID, "memory_usage"): 6.0, (SERVICE_ID, "memory_utilization"): 0.75}


def test_resident_memory_is_believed_before_the_heap():
    world = World()

    world.tell(gauge("jvm.memory.used", number(6.0)), gauge("process.memory.usage", number(9.0)))

    assert world.value("memory_usage") == 9.0


def test_time_is_believed_before_a_share_of_all_processors():
    world = World()
    for at in (0, 10):
        share = gauge("process.cpu.utilization", number(0.01, NOW + at))
        world.tell(share, total("process.cpu.time", number(at * 0.9, NOW + at)))

    assert world.value("cpu_utilization") == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("count", "most", "labels"),
    [
        ("db.client.connection.count", "db.client.connection.max", "db__client__connection__"),
        ("db.client.connections.usage", "db.client.connections.max", ""),
    ],
)
def test_the_fullest_pool_is_the_utilization(count, most, labels):
    pool = "pool.name" if not labels else "db.client.connection.pool.name"
    world = World()
    used = [("a", "used", 5.0), ("a", "idle", 5.0), ("b", "used", 9.0), ("b", "idle", 1.0)]
    points = [number(value, **{f"{labels}state": state, pool: name}) for name, state, value in used]

    world.tell(total(count, *points, monotonic=False))
    world.tell(total(most, *(number(10.0, **{pool: name}) for name in "ab"), monotonic=False))

    assert world.value("connection_pool.utilization") == pytest.approx(0.9)


def test_a_pool_without_a_maximum_has_no_utilization():
    world = World()

    world.tell(gauge("db.client.connection.count", number(5.0, state="used")))

    assert world.values() == {}


@pytest.mark.parametrize("old", ["", "s"])
def test_timeouts_become_a_rate(old):
    world = World()
    for at, value in ((0, 2.0), (10, 7.0)):
        world.tell(total(f"db.client.connection{old}.timeouts", number(value, NOW + at, 1.0)))

    assert world.value("connection_pool.timeout_rate") == pytest.approx(0.5)


def test_the_limit_that_kubernetes_knows_is_what_a_containers_use_is_of():
    world = World()
    world.tell(gauge("container.cpu.usage", number(1.0)), resource=CONTAINER)
    world.tell(gauge("k8s.container.cpu_limit", number(4.0)), resource=CONTAINER)

    assert world.value("cpu_utilization", CONTAINER_ID) == pytest.approx(0.25)


def test_a_nodes_use_is_of_what_it_can_allocate():
    node = {"k8s.node.name": "node-1"}
    world = World()
    world.tell(gauge("k8s.node.cpu.usage", number(3.0)), resource=node)
    world.tell(gauge("k8s.node.allocatable_cpu", number(4.0)), resource=node)

    assert world.value("cpu_utilization", NODE_ID) == pytest.approx(0.75)


def test_the_group_that_is_furthest_behind_is_a_topics_backlog():
    lags = [("mail", "0", 5.0), ("mail", "1", 6.0), ("audit", "0", 2.0), ("audit", "1", -1.0)]
    points = [number(lag, topic="orders", group=group, partition=partition) for group, partition, lag in lags]
    world = World()

    world.tell(gauge("kafka.consumer_group.lag", *points), resource={"service.name": "collector"})

    assert world.values() == {("Topic:kafka/orders", "backlog"): 11.0}


def test_lag_without_a_topic_is_ignored():
    world = World()
    world.tell(gauge("kafka.consumer.records_lag_max", number(5.0)))

    assert world.values() == {}
    assert world.metrics.ignored == 1


def test_a_backlog_of_another_system_is_a_queues():
    point = number(3.0, messaging__system="pulsar", messaging__destination__name="jobs")
    world = World()
    world.tell(gauge("messaging.kafka.consumer.lag", point))

    assert world.values() == {("Queue:pulsar/jobs", "backlog"): 3.0}


def test_processes_of_an_agent_that_names_no_service_are_nobodys():
    world = World()

    world.tell(gauge("process.memory.usage", number(5.0)), resource={**HOST, "process.pid": "1"})

    assert world.values() == {}


def test_every_attribute_is_documented():
    documented = set(re.findall(r"`([a-z_.0-9]+)`", DOCUMENT.read_text()))

    assert {rule.attribute for table in TABLES for rule in table} <= documented


def test_percentiles_are_of_histograms_only():
    rules = [rule for rules in BY_METRIC.values() for rule in rules]

    assert all(rule.attribute.endswith(".p95") == (rule.kind is Kind.P95) for rule in rules)
    assert len({rule.rank for rule in rules}) == len(rules)
