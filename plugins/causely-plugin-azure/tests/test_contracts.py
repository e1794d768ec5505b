"""The collector and the discoverer keep their contracts."""

import pytest
from causely_plugin_azure import AzurePlugin
from causely_plugin_azure.detectors import detectors

from causely_core.testing import CollectorContract, DiscovererContract

from .resources import ONE, interface, postgresql, private_endpoint, service_bus, thing


@pytest.fixture
def section(azure):
    server, bus, nic = postgresql(), service_bus(), interface("nic", "10.1.2.3")
    azure.rows["resources"] = [server, bus, nic, private_endpoint("link", server["id"], nic)]
    azure.things[f"{bus['id']}/queues".lower()] = [thing(bus, "queues", "mail")]
    azure.metrics[server["id"].lower()] = {"cpu_percent": 50.0}
    azure.metrics[bus["id"].lower()] = {"ActiveMessages": {"mail": 3.0}}
    azure.quota = 1000
    return azure.section(ONE, health=True, stale_after=0)


class TestCollector(CollectorContract):
    attributes = tuple({each.attribute for each in detectors()})

    @pytest.fixture
    def plugin(self):
        return AzurePlugin


class TestDiscoverer(DiscovererContract):
    @pytest.fixture
    def plugin(self):
        return AzurePlugin

    @pytest.fixture(autouse=True)
    def changing(self, azure, clock):
        self.azure, self.clock = azure, clock

    async def change(self):
        del self.azure.rows["resources"][1]
        self.azure.rows["resources"].append(postgresql("second"))
        self.clock.advance(1.0)
