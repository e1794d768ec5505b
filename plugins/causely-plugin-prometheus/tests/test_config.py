"""Settings that are wrong are told of before anything starts."""

import pytest
from causely_plugin_prometheus import PrometheusConfig

from causely_core.config import structure
from causely_core.errors import ConfigError

GIVEN = {"url": "http://prometheus:9090", "mappings": ["node-exporter"]}


def test_nothing_needs_to_be_set():
    assert structure({}, PrometheusConfig, "plugins.prometheus").url == ""


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"url": "prometheus:9090"}, "url: expected http://host:port or https://host:port, found 'prometheus:9090'"),
        ({"url": "http://u:p@host"}, "url: expected no user, query or fragment"),
        ({"mappings": []}, "mappings: expected one or more of alerts, cadvisor, "),
        ({"mappings": ["node-exporters"]}, "there is no mapping 'node-exporters', did you mean 'node-exporter'?"),
        ({"mappings": ["/none.yaml"]}, "/none.yaml: cannot be read: No such file or directory"),
        ({"password": "x"}, "password: expected a username with it"),
        ({"token_file": "/none/token"}, "token_file: there is no file /none/token"),
        ({"username": "u", "token_file": "/etc/hostname"}, "token_file: expected this or username, found both"),
        ({"key_file": "/etc/hostname"}, "key_file: expected cert_file with it"),
        ({"window": "soon"}, "window: expected a duration such as 90s or 2m, found 'soon'"),
        ({"interval": 0}, "interval"),
        ({"timeout": "long"}, "timeout"),
        ({"max_serie": 1}, "unknown key max_serie"),
    ],
)
def test_what_is_wrong_is_one_line(settings, said):
    with pytest.raises(ConfigError) as found:
        structure(GIVEN | settings, PrometheusConfig, "plugins.prometheus")
    (line,) = found.value.lines
    assert said in line
    assert line.startswith("plugins.prometheus")


def test_a_mapping_that_is_wrong_is_told_with_its_line(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text("rules:\n  - {query: up, entity: Pod}\n")
    with pytest.raises(ConfigError, match=rf"{path}:2: 'id' is missing"):
        structure(GIVEN | {"mappings": [str(path)]}, PrometheusConfig, "plugins.prometheus")


def test_secrets_are_not_shown():
    assert "hush" not in repr(PrometheusConfig(username="u", password="hush", headers={"X-Token": "hush"}))
