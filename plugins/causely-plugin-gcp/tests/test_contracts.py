"""What every plugin promises."""

from typing import ClassVar

import pytest
from causely_plugin_gcp import GcpPlugin
from causely_plugin_gcp.detectors import DETECTORS

from causely_core.testing import CausalModelContract, CollectorContract, DetectorContract, DiscovererContract

ORDERS = {"name": "orders", "databaseVersion": "MYSQL_8_0"}


@pytest.fixture
def plugin():
    return GcpPlugin


@pytest.fixture
def section(cloud, tmp_path):
    cloud.add("sqladmin.googleapis.com/Instance", "instances/orders", ORDERS, "europe-west1")
    cloud.measure("cloudsql.googleapis.com/database/cpu/utilization", 0.4, resource__database_id="shop-prod:orders")
    cloud.measure("cloudsql.googleapis.com/database/up", 1, resource__database_id="shop-prod:orders")
    return cloud.section(tmp_path)


class TestCollector(CollectorContract):
    attributes: ClassVar = ("gcp.down",)


class TestDiscoverer(DiscovererContract):
    @pytest.fixture(autouse=True)
    def _cloud(self, cloud, clock):
        self.cloud, self.clock = cloud, clock

    async def change(self):
        self.cloud.assets["shop-prod"].clear()
        self.cloud.add("sqladmin.googleapis.com/Instance", "instances/carts", ORDERS, "europe-west1")
        self.clock.advance(1.0)

    @pytest.fixture
    def section(self, section, cloud, upstream):
        upstream.forward(cloud.url)
        endpoints = section["endpoints"] | {"cloudasset": upstream.url}
        return section | {"stale_after": 0.0, "endpoints": endpoints}


class TestDetectors(DetectorContract):
    @pytest.fixture(params=DETECTORS, ids=lambda each: each.name)
    def detector(self, request):
        return request.param


class TestCausalModels(CausalModelContract):
    """They hold together with the core's."""
