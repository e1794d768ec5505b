"""The plugin: who loads it, and where."""

import pytest
import structlog
from causely_plugin_kubernetes import KubernetesConfig, KubernetesPlugin
from causely_plugin_kubernetes.discoverer import KubernetesDiscoverer
from opentelemetry.metrics import NoOpMeter

from causely_core.hookspecs import HookContext
from causely_core.kubernetes import ApiError
from causely_core.model import SystemClock


def context(tmp_path, component="mediator", **settings):
    config = KubernetesConfig(**settings)
    return HookContext(component, config, SystemClock(), structlog.get_logger(), NoOpMeter("test"), tmp_path)


def discoverers(tmp_path, component="mediator", **settings):
    return [found.name for found in KubernetesPlugin().causely_discoverers(context(tmp_path, component, **settings))]


@pytest.fixture(autouse=True)
def outside(monkeypatch):
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)


def test_a_cluster_is_looked_at_by_the_mediator_alone(tmp_path):
    named = {"kubeconfig": tmp_path / "kubeconfig"}
    assert discoverers(tmp_path, **named) == ["objects"]
    assert discoverers(tmp_path, "agent", **named) == []


def test_in_a_pod_nothing_needs_to_be_said_and_elsewhere_there_is_no_cluster(tmp_path, monkeypatch):
    assert discoverers(tmp_path) == []
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.96.0.1")
    assert discoverers(tmp_path) == ["objects"]


@pytest.mark.parametrize("interval", [0, -1])
def test_an_interval_is_above_zero(interval):
    with pytest.raises(ValueError, match="flush_interval"):
        KubernetesConfig(flush_interval=interval)


@pytest.mark.parametrize(
    ("settings", "said"),
    [({"kubeconfig": "/none/missing"}, r"^Kubernetes API: .*missing"), ({}, "set plugins.kubernetes.kubeconfig$")],
)
async def test_access_that_is_not_there_is_one_clear_line(tmp_path, settings, said):
    found = KubernetesDiscoverer(context(tmp_path, **settings)).discover()
    with pytest.raises(ApiError, match=said):
        await anext(found)
