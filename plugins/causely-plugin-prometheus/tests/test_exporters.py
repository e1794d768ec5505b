"""Ready mappings, from texts that are written by hand, through a real Prometheus.

In the texts ``+5`` is a counter that grows by five a second.
"""

import asyncio
import re
import time
from pathlib import Path

import pytest
from causely_plugin_prometheus.mapping.files import ready

from causely_core.model import EntityId

from .recorded import names
from .servers import Exporter, prometheus
from .watching import watched

TEXTS = Path(__file__).parent / "exposition"

VALUES = {
    ("Node:n1", "not_ready"): 0.0,
    ("Node:n1", "memory_pressure_condition"): 1.0,
    ("Node:n1", "cordoned"): 0.0,
    ("Pod:shop/cart-7d-x", "not_ready"): 1.0,
    ("Container:shop/cart-7d-x/app", "not_ready"): 1.0,
    ("Container:shop/cart-7d-x/app", "restart_count"): 2.0,
    ("Workload:shop/Deployment/cart", "replicas_unavailable_share"): 0.25,
    ("Namespace:shop", "resource_quota_utilization"): 0.9,
    ("Container:shop/cart-7d-x/app", "cpu_usage"): 0.25,
    ("Container:shop/cart-7d-x/app", "cpu_utilization"): 0.5,
    ("Container:shop/cart-7d-x/app", "cpu_throttled_share"): 0.4,
    ("Container:shop/cart-7d-x/app", "memory_usage"): 1000.0,
    ("Container:shop/cart-7d-x/app", "memory_utilization"): 0.9,
    ("Disk:shop/data-db-0", "disk_utilization"): 0.95,
    ("Node:n1", "cpu_utilization"): 0.8,
    ("Node:n1", "memory_utilization"): 0.9,
    ("Node:n1", "conntrack_utilization"): 0.95,
    ("Node:n1", "disk_utilization"): 0.96,
    ("Disk:n1/vg-root", "disk_utilization"): 0.96,
    ("Service:shop/cart", "request_rate"): 10.0,
    ("Service:shop/cart", "error_rate"): 0.1,
    ("Service:shop/cart", "request_duration.p95"): 0.195,
    ("Service:shop/web", "request_rate"): 4.0,
    ("Service:shop/web", "error_rate"): 0.25,
    ("Database:postgresql/db.shop:5432/orders", "connection_utilization"): 0.95,
    ("Database:postgresql/db.shop:5432/orders", "rows_read_rate"): 1000.0,
    ("Database:mysql/mysql:3306", "connection_utilization"): 140 / 151,
    ("Database:mysql/mysql:3306", "lock_wait_share"): 0.5,
    ("Database:mysql/mysql:3306", "replication_lag"): 12.0,
    ("Cache:redis/redis:6379", "memory_utilization"): 0.95,
    ("Cache:redis/redis:6379", "eviction_rate"): 20.0,
    ("Cache:redis/redis:6379", "cache_miss_rate"): 0.75,
    ("Topic:kafka/orders", "publish_rate"): 10.0,
    ("Topic:kafka/orders", "backlog"): 42.0,
    ("Topic:kafka/orders", "partitions_without_leader"): 1.0,
    ("Queue:rabbitmq/mails", "backlog"): 77.0,
    ("Queue:rabbitmq/mails", "publish_rate"): 8.0,
    ("Database:mongodb/mongo:27017", "connection_utilization"): 0.9,
    ("Database:mongodb/mongo:27017", "request_rate"): 20.0,
    ("Service:shop/orders", "heap_utilization"): 0.9,
    ("Service:shop/orders", "gc_time_share"): 0.3,
    ("Service:shop/orders", "connection_pool.utilization"): 1.0,
    ("Service:shop/checkout", "file_descriptor_utilization"): 0.95,
    ("Service:shop/checkout", "thread_count"): 9.0,
    ("Container:shop/web-1/app", "restart_count"): 2.0,
    ("Workload:shop/Deployment/cart", "rollout_stalled"): 1.0,
    ("DNS:kube-system/kube-dns", "dns_query_rate"): 50.0,
    ("DNS:kube-system/kube-dns", "dns_error_rate"): 0.2,
}
RELATIONS = {
    ("Pod:shop/cart-7d-x", "runs_on", "Node:n1"),
    ("Pod:shop/cart-7d-x", "part_of", "Namespace:shop"),
    ("Pod:shop/cart-7d-x", "owned_by", "Workload:shop/Deployment/cart"),
    ("Pod:shop/db-0", "owned_by", "Workload:shop/StatefulSet/db"),
    ("Container:shop/cart-7d-x/app", "part_of", "Pod:shop/cart-7d-x"),
    ("Disk:n1/vg-root", "part_of", "Node:n1"),
    ("Service:shop/web", "calls", "Service:shop/cart"),
}


@pytest.fixture
def server(tmp_path):
    running = prometheus(tmp_path, Exporter())
    yield running
    running.stop()


def test_there_is_a_text_or_a_recording_for_each_mapping():
    assert {path.stem for path in TEXTS.glob("*.txt")} | names() == set(ready())


def near(found):
    """Values that are not yet there, or not near what they should be: rates of a second or two are rough."""
    told = {key: found.values.get((EntityId(key[0]), key[1])) for key in VALUES}
    return {key: told[key] for key, value in VALUES.items() if told[key] != pytest.approx(value, rel=0.15)}


def grown(text, seconds):
    return re.sub(r" \+([\d.]+)$", lambda each: f" {float(each[1]) * seconds}", text, flags=re.MULTILINE)


async def grow(exporter):
    text, begin = "".join(path.read_text() for path in sorted(TEXTS.glob("*.txt"))), time.monotonic()
    while True:
        exporter.text = grown(text, time.monotonic() - begin)
        await asyncio.sleep(0.1)


async def test_exporters_become_entities_relations_and_values(server, tmp_path):
    growing = asyncio.create_task(grow(server.exporter))
    settings = {"url": server.url, "mappings": list(ready()), "interval": 1.0, "window": "6s", "stale_after": 60.0}
    try:
        async with watched(tmp_path, **settings) as found:
            try:
                await found.until(lambda: not near(found))
            except AssertionError:
                pytest.fail(f"not near: {near(found)}; {found.said}")
            assert found.said == []
            relations = {(each.source, each.type, each.target) for each in found.topology.relations}
            assert relations >= RELATIONS
            assert EntityId("Pod:shop/done-1") not in found.topology.entities
            assert found.topology.entities[EntityId("Pod:shop/cart-7d-x")].name == "cart-7d-x"
            assert EntityId("Container:shop/web-2/app") not in found.topology.entities
            assert EntityId("Service:shop/python") not in found.topology.entities
    finally:
        growing.cancel()
