"""A control plane for each process of tests, and what writes to it."""

import json
import urllib.request
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
import structlog
from causely_plugin_kubernetes import KubernetesConfig
from causely_plugin_kubernetes.discoverer import KubernetesDiscoverer
from causely_plugin_kubernetes.kubeconfig import Kubeconfig
from opentelemetry.metrics import NoOpMeter

from causely_core.hookspecs import HookContext
from causely_core.model import SystemClock
from causely_core.testing.kubernetes.binaries import Binaries, Missing
from causely_core.testing.kubernetes.control_plane import ControlPlane

from .build import program

NUMBERS = count()


@contextmanager
def running_control_plane(folder):
    """One that ends afterwards; skips the test where there is none to run."""
    if not program().exists():
        pytest.skip("no control plane of Kubernetes was built: python3 -m tox run -e cluster")
    try:
        running = ControlPlane(Binaries.of(program()), folder)
    except Missing as missing:
        pytest.skip(str(missing))
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def control_plane(tmp_path_factory):
    """Up for all tests; those that end a part of it start it again."""
    with running_control_plane(tmp_path_factory.mktemp("control-plane")) as running:
        yield running


class Writer:
    """Writes objects, as an administrator."""

    def __init__(self, kubeconfig):
        self._access = Kubeconfig(kubeconfig)
        self._tls = self._access.tls()

    def get(self, path):
        return self._ask("GET", path)

    def create(self, path, body):
        return self._ask("POST", path, body)

    def patch(self, path, body):
        return self._ask("PATCH", path, body, "application/merge-patch+json")

    def delete(self, path):
        return self._ask("DELETE", f"{path}?gracePeriodSeconds=0")

    def _ask(self, method, path, body=None, kind="application/json"):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": kind, **self._access.headers()}
        request = urllib.request.Request(self._access.url + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30, context=self._tls) as answer:
            return json.load(answer)


@pytest.fixture(scope="session")
def kubeconfig(control_plane) -> Path:
    return control_plane.kubeconfig()


@pytest.fixture(scope="session")
def writer(kubeconfig):
    return Writer(kubeconfig)


@pytest.fixture
def discoverer(kubeconfig, tmp_path):
    """Makes one, as a mediator would."""

    def make(user=kubeconfig, **handles):
        config = KubernetesConfig(kubeconfig=user, flush_interval=0.05, refused_interval=0.5)
        logger, meter = structlog.get_logger(), NoOpMeter("test")
        context = HookContext("mediator", config, SystemClock(), logger, meter, tmp_path, **handles)
        return KubernetesDiscoverer(context)

    return make


@pytest.fixture
def namespace(writer):
    """A new one, in which pods can be made."""
    name = f"shop-{next(NUMBERS)}"
    writer.create("/api/v1/namespaces", {"metadata": {"name": name}})
    writer.create(f"/api/v1/namespaces/{name}/serviceaccounts", {"metadata": {"name": "default"}})
    return name
