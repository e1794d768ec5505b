"""The plugin keeps the contracts of its hooks, on the machine that the tests run on."""

import pytest
from causely_plugin_host import HostPlugin

from causely_core.testing import CollectorContract, DiscovererContract


@pytest.fixture
def plugin():
    return HostPlugin


@pytest.fixture
def component():
    return "agent"


@pytest.fixture
def section():
    return {"interval": 0.2}


CHANGES = 1024 * 1024
"""Bytes that remembering a machine on which other tests come and go may take."""


class TestCollector(CollectorContract):
    kept = CHANGES

    @pytest.fixture
    def collector(self, brought):
        [one] = [each for each in brought if each.name == "host"]
        return one


class TestDiscoverer(DiscovererContract):
    """What exists on a machine changes by itself; the tests do not change it."""

    kept = CHANGES
