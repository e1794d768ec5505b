"""The example shop really runs, really tells, really breaks, and really mends."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING
from urllib.error import HTTPError

import pytest
from otlp_sink import Sink, Span
from shop_driver import SHOP_FOLDER, Shop, eventually, running

if TYPE_CHECKING:
    from pathlib import Path

DATA = {"catalog", "inventory", "orders"}
INSTRUMENTED = {"frontend", "cart", "recommendations", "checkout", "payment", "shipping", *DATA}

CROSSINGS = {
    "HTTP": ("checkout", "POST /checkout", "frontend", "CLIENT"),
    "gRPC": ("catalog", "shop.Catalog/GetProduct", "frontend", "CLIENT"),
    "gRPC behind HTTP": ("payment", "shop.Payment/Charge", "checkout", "CLIENT"),
    "queue": ("shipping", "process orders", "checkout", "PRODUCER"),
}

# A fault, the span that becomes slow by it, by how much at least, and one that stays as fast as ever.
SLOWDOWNS = {
    "slow-sql": ("catalog", "SELECT products", 0.15, ("orders", "INSERT orders")),
    "lock-contention": ("inventory", "UPDATE stock", 0.2, ("catalog", "SELECT products")),
    "cpu-burn": ("cart", "GET /carts/{user}", 0.02, ("catalog", "SELECT products")),
    "slow-third-party": ("payment", "POST", 0.8, ("inventory", "UPDATE stock")),
    "pool-exhaustion": ("orders", "POST /orders", 0.2, ("orders", "INSERT orders")),
    "slow-consumer": ("shipping", "process orders", 0.5, ("checkout", "send orders")),
}


def slow(spans: list[Span], seconds: float) -> bool:
    """Return whether at least two spans took that long."""
    return sum(span.seconds >= seconds for span in spans) >= 2


def calm(spans: list[Span], seconds: float) -> bool:
    """Return whether the last four spans were good and quicker than that."""
    latest = spans[-4:]
    return len(latest) == 4 and all(span.seconds < seconds and not span.error for span in latest)


def median(spans: list[Span]) -> float:
    return sorted(span.seconds for span in spans)[len(spans) // 2]


def waits(sink: Sink, since: float) -> list[float]:
    """Return how long each order lay in the queue, in seconds."""
    orders = sink.find("shipping", "process orders", since)
    return [order.start - sink.spans[order.parent].end for order in orders if order.parent in sink.spans]


def test_every_service_reports_all_that_it_should(shop: Shop, sink: Sink) -> None:
    eventually(lambda: {s.service for s in list(sink.spans.values())} >= INSTRUMENTED, "spans of all services")
    for service in INSTRUMENTED:
        for metric in ("process.cpu.utilization", "process.memory.usage", "process.thread.count",
                       "process.open_file_descriptor.count"):  # fmt: skip
            eventually(lambda s=service, m=metric: sink.values(s, m), f"{metric} of {service}")
        assert sink.resources[service]["service.namespace"] == "shop"
        assert sink.resources[service]["process.pid"] == shop.whereabouts["services"][service]
    assert not {"bank", "broker", "users"} & set(sink.resources)


@pytest.mark.parametrize("service", sorted(DATA))
def test_pools_report_their_connections(shop: Shop, sink: Sink, service: str) -> None:
    prefix = "db.client.connection"
    eventually(lambda: sink.values(service, f"{prefix}.wait_time"), "wait time")
    count = sink.values(service, f"{prefix}.count", db_client_connection_state="idle")[-1]
    used = sink.values(service, f"{prefix}.count", db_client_connection_state="used")[-1]
    assert count + used == sink.values(service, f"{prefix}.max")[-1]


@pytest.mark.parametrize("border", CROSSINGS)
def test_traces_cross_process_borders(shop: Shop, sink: Sink, border: str) -> None:
    service, name, caller, kind = CROSSINGS[border]

    def parents() -> list[Span]:
        return [sink.spans[s.parent] for s in sink.find(service, name) if s.parent in sink.spans]

    eventually(parents, f"a parent of {name}")
    assert {(parent.service, parent.kind) for parent in parents()} == {(caller, kind)}


def test_an_order_links_to_the_one_who_sent_it(shop: Shop, sink: Sink) -> None:
    eventually(lambda: sink.find("shipping", "process orders"), "an order")
    order = sink.find("shipping", "process orders")[0]
    assert order.links == (order.parent,)
    assert order.attributes["messaging.operation.type"] == "process"


def test_spans_follow_the_semantic_conventions(shop: Shop, sink: Sink) -> None:
    eventually(lambda: sink.find("payment", "POST") and sink.find("frontend", "GET /products/{id}"), "spans")
    server = sink.find("frontend", "GET /products/{id}")[0].attributes
    assert server["http.route"] == "/products/{id}"
    assert server["http.response.status_code"] == 200
    bank = sink.find("payment", "POST")[0].attributes
    assert bank["peer.service"] == "acme-bank"
    assert bank["url.full"].endswith("/v1/transfers")
    query = eventually(lambda: sink.find("catalog", "SELECT products"), "a query")[0].attributes
    assert (query["db.system.name"], query["db.collection.name"]) == ("sqlite", "products")


def test_the_catalogue_lists_nine_faults(shop: Shop) -> None:
    faults = shop.call("GET", "/faults")
    assert len(faults) == 9
    assert all(fault["where"] in shop.whereabouts["services"] for fault in faults)
    with pytest.raises(HTTPError, match="404"):
        shop.call("POST", "/faults/fire")


@pytest.mark.parametrize("fault", SLOWDOWNS)
def test_a_fault_slows_its_own_place_until_removed(shop: Shop, sink: Sink, fault: str) -> None:
    service, name, seconds, healthy = SLOWDOWNS[fault]
    with shop.fault(fault) as since:
        eventually(lambda: slow(sink.find(service, name, since), seconds), f"slow {name}")
        eventually(lambda: sink.find(*healthy, since), f"some {healthy[1]}")
        assert median(sink.find(*healthy, since)) < seconds / 2
    removed = time.time()
    eventually(lambda: calm(sink.find(service, name, removed), seconds), f"fast {name}")


def test_cpu_burn_keeps_a_core_busy(shop: Shop, sink: Sink) -> None:
    with shop.fault("cpu-burn") as since:
        eventually(lambda: max(sink.values("cart", "process.cpu.utilization", since), default=0) > 0.5, "busy")


def test_pool_exhaustion_shows_in_the_pool(shop: Shop, sink: Sink) -> None:
    pending = "db.client.connection.pending_requests"
    with shop.fault("pool-exhaustion") as since:
        eventually(lambda: max(sink.values("orders", pending, since), default=0) > 0, "waiting requests")
    removed = time.time()
    eventually(lambda: sink.values("orders", pending, removed)[-1:] == [0], "no waiting requests")


def test_slow_consumer_lets_orders_wait(shop: Shop, sink: Sink) -> None:
    with shop.fault("slow-consumer") as since:
        eventually(lambda: max(waits(sink, since), default=0) > 0.5, "a growing backlog")
    eventually(lambda: max(waits(sink, time.time() - 1), default=1) < 0.1, "a drained queue")


def test_memory_leak_grows_and_is_given_back(shop: Shop, sink: Sink) -> None:
    before = eventually(lambda: sink.values("catalog", "process.memory.usage"), "a metric")[-1]
    with shop.fault("memory-leak") as since:
        grown = before + 20e6
        eventually(lambda: max(sink.values("catalog", "process.memory.usage", since), default=0) > grown, "leak")
    eventually(lambda: sink.values("catalog", "process.memory.usage")[-1] < before + 10e6, "memory back")


def test_error_leaf_reaches_the_users_as_5xx_and_is_logged(shop: Shop, sink: Sink) -> None:
    route = "GET /recommendations/{user}"
    with shop.fault("error-leaf") as since:
        failed = lambda: [s for s in sink.find("frontend", route, since) if s.error]  # noqa: E731
        eventually(failed, "5xx")
        assert {s.attributes["http.response.status_code"] for s in failed()} == {502}
        eventually(lambda: shop.call("GET", "/users")["errors"], "users who see errors")
        eventually(lambda: any("Suggest failed" in line.body and line.trace for line in sink.lines), "a log line")
        suggested = lambda: sink.find("recommendations", "shop.Recommendations/Suggest", since)  # noqa: E731
        leaf = eventually(lambda: [s for s in suggested() if s.error], "failures of the leaf itself")
        assert {s.attributes["error.type"] for s in leaf} == {"IndexError"}
    removed = time.time()
    eventually(lambda: calm(sink.find("frontend", route, removed), 1.0), "no more 5xx")


def test_a_dead_payment_is_refused_quickly_and_comes_back(shop: Shop, sink: Sink) -> None:
    with shop.fault("dead-downstream") as since:
        calls = lambda: [s for s in sink.find("checkout", "shop.Payment/Charge", since) if s.error]  # noqa: E731
        eventually(lambda: len(calls()) >= 3, "refused calls")
        assert {s.attributes["error.type"] for s in calls()} == {"UNAVAILABLE"}
        assert median(calls()) < 0.2
        assert not shop.call("GET", "/state")["services"]["payment"]["alive"]
    removed = time.time()
    eventually(lambda: calm(sink.find("frontend", "POST /checkout", removed), 1.0), "checkouts again")


def test_nothing_survives_the_supervisor(sink: Sink, tmp_path: Path) -> None:
    shop = Shop(sink.endpoint, tmp_path, "sqlite", rate=1.0)
    assert all(map(running, shop.pids()))
    shop.stop(signal.SIGKILL)
    eventually(lambda: not any(map(running, shop.pids())), "all processes gone", 5.0)


def test_postgresql_is_private_and_ends_with_the_shop(tmp_path: Path) -> None:
    sink = Sink()
    shop = Shop(sink.endpoint, tmp_path, "auto")
    try:
        if shop.whereabouts["database"] != "postgresql":
            pytest.skip("no PostgreSQL server programs; install the Debian package postgresql")
        eventually(lambda: sink.find("catalog", "SELECT products"), "a query")
        query = sink.find("catalog", "SELECT products")[0].attributes
        assert (query["db.system.name"], query["db.namespace"]) == ("postgresql", "shop")
        with shop.fault("slow-sql") as since:
            eventually(lambda: slow(sink.find("catalog", "SELECT products", since), 0.4), "slow query")
        with shop.fault("lock-contention") as since:
            eventually(lambda: slow(sink.find("inventory", "UPDATE stock", since), 0.2), "waiting update")
    finally:
        stopping = time.monotonic()
        shop.stop()
        sink.close()
    assert time.monotonic() - stopping < 30
    assert not any(map(running, shop.pids()))


def test_the_shop_knows_nothing_of_who_watches_it() -> None:
    code = [path for path in SHOP_FOLDER.rglob("*.py") if "causely" in path.read_text().lower()]
    assert code == []
