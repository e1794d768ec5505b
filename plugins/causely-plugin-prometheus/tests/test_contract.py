"""The plugin keeps the contracts of its hooks, before a real server."""

import pytest
from causely_plugin_prometheus import PrometheusPlugin

from causely_core.testing import CollectorContract, DiscovererContract

from .servers import Exporter, prometheus

MAPPING = """
rules:
  - query: shop_latency_seconds
    entity: Service
    id: "{namespace}/{service}"
    relations:
      - {type: part_of, to: Namespace, id: "{namespace}"}
      - {type: runs_on, to: Node, id: "{node}"}
    observe: request_duration.p95
"""
TEXT = 'shop_latency_seconds{namespace="shop",service="cart",node="n1"} 0.2\n'
MORE = 'shop_latency_seconds{namespace="shop",service="web",node="n2"} 0.3\n'


@pytest.fixture
def plugin():
    return PrometheusPlugin


@pytest.fixture
def server(tmp_path):
    running = prometheus(tmp_path, Exporter())
    yield running
    running.stop()


@pytest.fixture
def section(server, tmp_path):
    path = tmp_path / "shop.yaml"
    path.write_text(MAPPING)
    server.exporter.text = TEXT
    return {"url": server.url, "mappings": [str(path)], "interval": 0.5, "stale_after": 1.0}


class TestCollector(CollectorContract):
    first_within = 30.0  # the server has to scrape first


class TestDiscoverer(DiscovererContract):
    first_within = 30.0
    settled_within = 60.0

    @pytest.fixture(autouse=True)
    def exporter(self, server):
        self.served = server.exporter

    async def change(self):
        self.served.text = MORE
