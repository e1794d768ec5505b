"""Every configuration file that the chart renders is one that the services read."""

import pytest

from causely_core.services.settings import load_settings

from .choices import CHOICES
from .conftest import Objects

SECRETS = ("CAUSELY_EGRESS_KEY", "CAUSELY_DATABASE_URL", "CAUSELY_TIMESERIES_URL")


@pytest.fixture
def pod(monkeypatch):
    """The environment that a container of the chart has."""
    for name, value in (("NODE_NAME", "worker-1"), ("NODE_IP", "10.0.0.7"), *((name, "s3cret") for name in SECRETS)):
        monkeypatch.setenv(name, value)


def read(objects, component, folder):
    path = folder / f"{component}.yaml"
    path.write_text(objects.one("ConfigMap", component)["data"][f"{component}.yaml"])
    return load_settings(path)


@pytest.mark.parametrize("name", CHOICES)
def test_every_rendered_file_is_read(name, helm, pod, tmp_path):
    files = 0
    for found in helm.render(CHOICES[name]):
        for file, content in (found.get("data") or {}).items() if found["kind"] == "ConfigMap" else ():
            if file in ("agent.yaml", "mediator.yaml", "executor.yaml", "analyzer.yaml"):
                (tmp_path / file).write_text(content)
                load_settings(tmp_path / file)
                files += 1
    assert files >= 2


def test_the_agent_asks_its_own_kubelet_and_the_release_only(defaults, pod, tmp_path):
    settings = read(defaults, "agent", tmp_path)
    assert settings.agent.name == "agent-worker-1"
    assert str(settings.agent.host_root) == "/host"
    assert settings.agent.mediator == "shop-causely-mediator.watch.svc.cluster.local:50051"
    assert settings.agent.timeseries == "http://shop-causely-victoriametrics.watch.svc.cluster.local:8428"
    assert settings.agent.node == "worker-1"
    assert settings.plugins["host"]["kubelet_url"] == "https://10.0.0.7:10250"


def test_values_win_over_what_the_chart_says(helm, pod, tmp_path):
    values = {
        "mediator": {"config": {"agents_away": 60, "egress": {"redact_ips": True}}},
        "plugins": {"otlp": {"config": {"grpc_endpoint": "127.0.0.1:14317"}}},
    }
    settings = read(Objects(helm.render(values)), "mediator", tmp_path)
    assert settings.mediator.agents_away == 60
    assert settings.mediator.egress.redact_ips
    assert settings.mediator.egress.key == "s3cret"
    assert settings.plugins["otlp"]["grpc_endpoint"] == "127.0.0.1:14317"


def test_a_plugin_that_is_off_is_named_as_off(helm, pod, tmp_path):
    settings = read(Objects(helm.render({"plugins": {"ebpf": {"enabled": False}}})), "agent", tmp_path)
    assert settings.plugins["ebpf"] == {"enabled": False}
