"""Ready mappings, by what real exporters have written, through a real Prometheus."""

import asyncio
import time

import pytest
import yaml

from causely_core.model import EntityId

from .recorded import Recorded, label, names
from .servers import Exporter, prometheus
from .watching import watched

SHOP = {"namespace": "shop"}
TARGETS = {
    "cadvisor": {},
    "coredns": {"namespace": "kube-system", "service": "kube-dns"},
    "go": {**SHOP, "service": "metrics"},
    "jvm": {**SHOP, "application": "orders"},
    "kube-state-metrics": {},
    "mysql": {"instance": "mysql.shop:3306"},
    "node-exporter": {},
    "opentelemetry": {},
    "postgresql": {},
    "rabbitmq": {},
    "redis": {"instance": "redis.shop:6379"},
}
"""Exporters, and the labels that scraping them adds: as README.md advises, or as service discovery does."""
ENOUGH = 10


@pytest.fixture(scope="module")
def recorded():
    return {name: Recorded(name) for name in TARGETS}


@pytest.fixture
def server(tmp_path):
    exporter = Exporter()
    jobs = [
        {
            "job_name": name,
            "honor_labels": True,
            "metrics_path": f"/{name}",
            "static_configs": [{"targets": [f"127.0.0.1:{exporter.port}"], "labels": labels}],
        }
        for name, labels in TARGETS.items()
    ]
    scrapes = yaml.safe_dump({"global": {"scrape_interval": "1s"}, "scrape_configs": jobs})
    running = prometheus(tmp_path, exporter, scrapes)
    yield running
    running.stop()


def values(recorded):
    """What the mappings should make of it."""
    return {
        **of_machines(recorded["node-exporter"]),
        **of_cluster(recorded["kube-state-metrics"], recorded["cadvisor"]),
        **of_programs(recorded["go"], recorded["jvm"], recorded["coredns"], recorded["opentelemetry"]),
        **of_databases(recorded["postgresql"], recorded["mysql"]),
        **of_redis(recorded["redis"]),
        ("Queue:rabbitmq/mails", "backlog"): recorded["rabbitmq"].value("rabbitmq_queue_messages"),
        ("Queue:rabbitmq/mails", "publish_rate"): recorded["rabbitmq"].rate("rabbitmq_queue_messages_published_total"),
    }


def of_machines(node):
    name = label(node.series("node_uname_info")[0], "nodename")
    free = node.value("node_memory_MemAvailable_bytes") / node.value("node_memory_MemTotal_bytes")
    idle = node.rate("node_cpu_seconds_total", 'mode="idle"') / len(
        node.series("node_cpu_seconds_total", 'mode="idle"')
    )
    left = node.value("node_filesystem_avail_bytes", "/dev/") / node.value("node_filesystem_size_bytes", "/dev/")
    device = label(node.series("node_filesystem_size_bytes", "/dev/")[0], "device").removeprefix("/dev/")
    return {
        (f"Node:{name}", "cpu_utilization"): 1 - idle,
        (f"Node:{name}", "memory_utilization"): 1 - free,
        (f"Node:{name}", "disk_utilization"): 1 - left,
        (f"Node:{name}", "open_file_descriptors"): node.value("node_filefd_allocated"),
        (f"Node:{name}", "thread_count"): node.value("node_processes_threads"),
        (f"Disk:{name}/{device}", "disk_utilization"): 1 - left,
    }


def of_cluster(objects, kubelet):
    busy = label(kubelet.series("container_spec_cpu_quota", 'container="app"', 'pod="cart-')[0], "pod")
    here = f'pod="{busy}"', 'container="app"'
    throttled = kubelet.rate("container_cpu_cfs_throttled_periods_total", *here)
    limit = kubelet.value("container_spec_memory_limit_bytes", *here)
    return {
        ("Node:node-1", "not_ready"): 0.0,
        ("Pod:shop/db-0", "not_ready"): 1.0,
        ("Workload:shop/Deployment/cart", "replicas_unavailable_share"): 0.0,
        ("Workload:shop/StatefulSet/db", "replicas_unavailable_share"): 1.0,
        ("Namespace:shop", "resource_quota_utilization"): objects.value("kube_resourcequota", 'type="used"')
        / objects.value("kube_resourcequota", 'type="hard"'),
        ("Disk:shop/data-cart-0", "claim_pending"): 0.0,
        (f"Container:shop/{busy}/app", "cpu_usage"): kubelet.rate("container_cpu_usage_seconds_total", *here),
        (f"Container:shop/{busy}/app", "cpu_utilization"): kubelet.rate("container_cpu_usage_seconds_total", *here)
        / 0.1,
        (f"Container:shop/{busy}/app", "cpu_throttled_share"): throttled
        / kubelet.rate("container_cpu_cfs_periods_total", *here),
        (f"Container:shop/{busy}/app", "memory_utilization"): kubelet.value("container_memory_working_set_bytes", *here)
        / limit,
    }


def of_programs(go, jvm, names, calls):
    count, served = "http_server_requests_seconds_count", "http_server_request_duration_seconds_count"
    used = jvm.value("jvm_memory_used_bytes", 'area="heap"')
    return {
        ("Service:shop/metrics", "memory_usage"): go.value("process_resident_memory_bytes"),
        ("Service:shop/metrics", "thread_count"): go.value("go_threads"),
        ("Service:shop/orders", "request_rate"): jvm.rate(count),
        ("Service:shop/orders", "error_rate"): jvm.rate(count, "SERVER_ERROR") / jvm.rate(count),
        ("Service:shop/orders", "heap_utilization"): used / jvm.value("jvm_memory_max_bytes", 'id="G1 Old Gen"'),
        ("Service:shop/orders", "thread_count"): jvm.value("jvm_threads_live_threads"),
        ("DNS:kube-system/kube-dns", "dns_query_rate"): names.rate("coredns_dns_requests_total"),
        ("DNS:kube-system/kube-dns", "dns_error_rate"): 0.2,
        ("Service:shop/checkout", "request_rate"): calls.rate(served),
        ("Service:shop/checkout", "error_rate"): 0.0,
        ("Service:shop/checkout", "cpu_utilization"): calls.value("process_cpu_utilization"),
    }


def of_databases(postgresql, mysql):
    server = label(postgresql.series("pg_settings_max_connections")[0], "server")
    orders, other = f"Database:postgresql/{server}/orders", "Database:mysql/mysql.shop:3306"
    ends = ("pg_stat_database_xact_commit", "pg_stat_database_xact_rollback")
    waited = mysql.rate("mysql_global_status_innodb_row_lock_time") / 1000
    reads = (mysql.rate("mysql_global_status_handlers_total", f'"read_{each}') for each in ("", "rnd_next"))
    return {
        (orders, "connection_utilization"): postgresql.value("pg_stat_database_numbackends")
        / postgresql.value("pg_settings_max_connections"),
        (orders, "request_rate"): sum(postgresql.rate(each, 'datname="orders"') for each in ends),
        (orders, "rows_read_rate"): postgresql.rate("pg_stat_database_tup_returned", 'datname="orders"'),
        (other, "connection_utilization"): mysql.value("mysql_global_status_threads_connected")
        / mysql.value("mysql_global_variables_max_connections"),
        (other, "request_rate"): mysql.rate("mysql_global_status_queries"),
        (other, "rows_read_rate"): next(reads),
        (other, "lock_wait_share"): waited / max(mysql.value("mysql_global_status_threads_running"), 1),
    }


def of_redis(redis):
    cache = "Cache:redis/redis.shop:6379"
    hits, misses = redis.rate("redis_keyspace_hits_total"), redis.rate("redis_keyspace_misses_total")
    return {
        (cache, "memory_utilization"): redis.value("redis_memory_used_bytes") / redis.value("redis_memory_max_bytes"),
        (cache, "request_rate"): redis.rate("redis_commands_processed_total"),
        (cache, "eviction_rate"): redis.rate("redis_evicted_keys_total"),
        (cache, "cache_miss_rate"): misses / (hits + misses),
    }


def relations(recorded):
    """What the mappings should tell beside values."""
    objects = recorded["kube-state-metrics"]
    cart = label(objects.series("kube_pod_info", 'pod="cart-')[0], "pod")
    name = label(recorded["node-exporter"].series("node_uname_info")[0], "nodename")
    return {
        (f"Pod:shop/{cart}", "runs_on", "Node:node-1"),
        (f"Pod:shop/{cart}", "owned_by", "Workload:shop/Deployment/cart"),
        ("Pod:shop/db-0", "owned_by", "Workload:shop/StatefulSet/db"),
        (f"Container:shop/{cart}/app", "part_of", f"Pod:shop/{cart}"),
        ("Workload:shop/DaemonSet/logs", "part_of", "Namespace:shop"),
        ("Disk:shop/data-cart-0", "part_of", "Namespace:shop"),
        ("Service:shop/checkout", "calls", "ExternalService:127.0.0.1"),
        (f"Disk:{name}/vda", "part_of", f"Node:{name}"),
    }


def test_enough_exporters_were_recorded():
    assert names() == set(TARGETS)
    assert len(TARGETS) >= ENOUGH


async def play(exporter, recorded):
    begin = time.monotonic()
    while True:
        exporter.pages = {f"/{name}": each.after(time.monotonic() - begin) for name, each in recorded.items()}
        await asyncio.sleep(0.1)


async def test_what_real_exporters_wrote_becomes_entities_relations_and_values(server, tmp_path, recorded):
    playing = asyncio.create_task(play(server.exporter, recorded))
    settings = {"url": server.url, "mappings": list(TARGETS), "interval": 1.0, "window": "8s", "stale_after": 60.0}
    wanted = values(recorded)

    def far():
        told = {key: found.values.get((EntityId(key[0]), key[1])) for key in wanted}
        return {key: (told[key], value) for key, value in wanted.items() if told[key] != pytest.approx(value, rel=0.15)}

    try:
        async with watched(tmp_path, **settings) as found:
            try:
                await found.until(lambda: not far())
            except AssertionError:
                pytest.fail(f"found and wanted: {far()}; {found.said}")
            assert found.said == []
            told = {(each.source, each.type, each.target) for each in found.topology.relations}
            assert relations(recorded) - told == set()
            assert not [id for id in found.topology.entities if id.startswith("Pod:shop/done-")]
    finally:
        playing.cancel()
