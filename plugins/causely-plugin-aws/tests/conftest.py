"""AWS for tests: moto's server, once for a process; and a proxy before it for each test."""

import logging

import pytest
from causely_plugin_aws import AwsPlugin

from .front import Front, moto
from .world import REGION, World


@pytest.fixture(scope="session")
def backend():
    """Where moto listens."""
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    server = moto()
    yield server.get_host_and_port()
    server.stop()


@pytest.fixture
def front(backend, monkeypatch):
    """An empty AWS."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIATEST")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/none")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/none")
    World(f"http://{backend[0]}:{backend[1]}").reset()
    front = Front(backend)
    yield front
    front.close()


@pytest.fixture
def world(front, backend):
    """Makes resources, past the proxy."""
    return World(f"http://{backend[0]}:{backend[1]}")


@pytest.fixture
def plugin():
    return AwsPlugin


@pytest.fixture
def section(front):
    quickly = {"repeat": 0.2, "delay": 0, "requests_per_second": 500, "resolve": False}
    return {"regions": [REGION], "endpoint_url": front.url, **quickly}
