"""The plugin: its contracts, and who loads it."""

import pytest
from causely_plugin_aws import AwsPlugin
from causely_plugin_aws.detectors import detectors

from causely_core.testing import CausalModelContract, CollectorContract, DetectorContract, DiscovererContract

from .watching import context
from .world import REGION

FEW = ["sqs"]
"""A client of boto3 for each service takes its time, and the contracts open many."""
OWN = tuple(each.attribute for each in detectors())


def loaded(tmp_path, component="mediator", **settings):
    plugin, about = AwsPlugin(), context(tmp_path, component, **settings)
    return [each.name for each in (*plugin.causely_collectors(about), *plugin.causely_discoverers(about))]


def test_the_mediator_alone_asks_and_only_when_there_is_a_region(tmp_path):
    assert loaded(tmp_path, regions=[REGION]) == ["values", "resources"]
    assert loaded(tmp_path, "agent", regions=[REGION]) == []
    assert loaded(tmp_path) == []


class TestDiscoverer(DiscovererContract):
    first_within = 40.0
    settled_within = 40.0

    @pytest.fixture
    def section(self, section):
        return section | {"services": FEW}

    @pytest.fixture(autouse=True)
    def _resources(self, world, clock):
        world.queue()
        self.world, self.clock = world, clock

    async def change(self):
        self.world.queue("returns")
        self.clock.advance(301.0)


class TestCollector(CollectorContract):
    attributes = OWN
    first_within = 40.0

    @pytest.fixture
    def section(self, section):
        return section | {"services": FEW}

    @pytest.fixture(autouse=True)
    def _resources(self, world, clock):
        world.queue()
        world.measure("AWS/SQS", "NumberOfMessagesSent", {"QueueName": "orders"}, 60.0, 90.0, end=clock.now())


class TestModels(CausalModelContract):
    """Nothing is special about ours; nobody is asked."""

    @pytest.fixture
    def section(self):
        return {"regions": [REGION]}


class TestDetectors(DetectorContract):
    @pytest.fixture
    def section(self):
        return {"regions": [REGION]}

    @pytest.fixture(params=[each.name for each in detectors()])
    def detector(self, brought, request):
        return next(each for each in brought if each.name == request.param)
