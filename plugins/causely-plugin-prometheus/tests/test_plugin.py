"""The plugin: who loads it, and where."""

from causely_plugin_prometheus import PrometheusPlugin

from .watching import context

GIVEN = {"url": "http://127.0.0.1:9090", "mappings": ["node-exporter"]}


def loaded(tmp_path, component="mediator", **settings):
    plugin, about = PrometheusPlugin(), context(tmp_path, component, **settings)
    return [each.name for each in (*plugin.causely_collectors(about), *plugin.causely_discoverers(about))]


def test_the_mediator_alone_asks_and_only_when_there_is_a_server(tmp_path):
    assert loaded(tmp_path, **GIVEN) == ["values", "series"]
    assert loaded(tmp_path, "agent", **GIVEN) == []
    assert loaded(tmp_path) == []
