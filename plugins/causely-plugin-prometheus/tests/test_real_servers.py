"""From exposition text, through a real server, to topology and values."""

import asyncio

import pytest

from causely_core.model import EntityId, Relation

from .watching import watched

MAPPING = """
metrics: [shop_up]
rules:
  - query: shop_up
    entity: Service
    id: "{namespace}/{service}"
    attributes: {service.version: "{version}"}
    relations:
      - {type: runs_on, to: Node, id: "{node}"}
      - {type: calls, to: Service, id: "{namespace}/{calls}"}
  - query: sum by (namespace, service) (rate(shop_requests_total[$window]))
    entity: Service
    id: "{namespace}/{service}"
    observe: request_rate
  - query: shop_latency_milliseconds
    entity: Service
    id: "{namespace}/{service}"
    observe: request_duration.p95
    unit: ms
  - query: shop_alarm
    entity: Service
    id: "{namespace}/{service}"
    observe: not_ready
    absent: 0
"""
CART = EntityId("Service:shop/cart")
TEXT = """
# TYPE shop_up gauge
shop_up{namespace="shop",service="cart",version="1.2",node="n1",calls="db"} 1
shop_up{namespace="shop",service="db",node="n1"} 1
# TYPE shop_latency_milliseconds gauge
shop_latency_milliseconds{namespace="shop",service="cart"} 250
shop_latency_milliseconds{namespace="shop",service="db"} NaN
shop_alarm{namespace="shop",service="cart"} 1
"""


@pytest.fixture
def mapping(tmp_path):
    path = tmp_path / "shop.yaml"
    path.write_text(MAPPING)
    return str(path)


async def test_series_become_entities_relations_and_values(server, tmp_path, mapping):
    server.exporter.text = TEXT
    async with watched(tmp_path, url=server.url, mappings=[mapping]) as found:
        await found.until(lambda: (CART, "request_duration.p95") in found.values and CART in found.topology.entities)
        assert found.deltas[0].snapshot
        assert found.topology.entities[CART].attributes == {"service.version": "1.2"}
        assert found.topology.relations == [
            Relation(CART, "calls", EntityId("Service:shop/db")),
            Relation(CART, "runs_on", EntityId("Node:n1")),
            Relation(EntityId("Service:shop/db"), "runs_on", EntityId("Node:n1")),
        ]
        assert found.values[CART, "request_duration.p95"] == pytest.approx(0.25)
        assert (EntityId("Service:shop/db"), "request_duration.p95") not in found.values


async def test_what_has_no_series_any_more_goes_after_a_while(server, tmp_path, mapping):
    server.exporter.text = TEXT
    async with watched(tmp_path, url=server.url, mappings=[mapping]) as found:
        await found.until(lambda: found.values.get((CART, "not_ready")) == 1.0 and CART in found.topology.entities)
        server.exporter.text = "\n".join(line for line in TEXT.splitlines() if "alarm" not in line)
        await found.until(lambda: found.values[CART, "not_ready"] == 0.0)
        assert CART in found.topology.entities
        server.exporter.text = "\n".join(line for line in TEXT.splitlines() if "cart" not in line)
        await found.until(lambda: CART not in found.topology.entities)
        assert EntityId("Service:shop/db") in found.topology.entities


async def test_a_counter_that_begins_anew_is_no_negative_rate(server, tmp_path, mapping):
    total, rates = 1000, []
    async with watched(tmp_path, url=server.url, mappings=[mapping]) as found:

        def count():
            rates.append(found.values.get((CART, "request_rate")))
            return len([rate for rate in rates if rate]) > 40

        async def serve():
            nonlocal total
            while True:
                total = total + 5 if total < 1040 else 0
                server.exporter.text = TEXT + f'shop_requests_total{{namespace="shop",service="cart"}} {total}\n'
                await asyncio.sleep(0.5)

        serving = asyncio.create_task(serve())
        await found.until(count)
        serving.cancel()
    assert all(rate >= 0 for rate in rates if rate is not None)


async def test_a_query_that_is_wrong_is_told_with_its_place_and_hinders_no_other(server, tmp_path):
    path = tmp_path / "wrong.yaml"
    path.write_text(
        "rules:\n  - {query: 'sum(', entity: Service, id: x}\n"
        "  - {query: shop_up, entity: Service, id: '{namespace}/{service}'}\n"
    )
    server.exporter.text = TEXT
    async with watched(tmp_path, url=server.url, mappings=[str(path)]) as found:
        await found.until(lambda: CART in found.topology.entities)
        (call,) = (call for call in found.logged if "HTTP 4" in call["reason"])
        assert call["mapping"] == f"{path}:2"
        assert "parse" in call["reason"]
