"""Which mappings a server is worth, by the metrics that it has."""

import time

import yaml
from causely_plugin_prometheus.mapping.files import ready
from causely_plugin_prometheus.suggest import main, suggested
from click.testing import CliRunner

from .servers import DEADLINE


def test_a_mapping_is_suggested_by_a_metric_that_it_is_known_by():
    assert suggested(["redis_memory_used_bytes", "up"]) == {"redis": ("redis_memory_used_bytes",)}
    assert suggested(["up"]) == {}
    every = {"redis_memory_used_bytes", "node_uname_info", "go_goroutines"}
    assert set(suggested(every)) <= set(ready())


def test_a_real_server_is_asked_and_a_section_is_printed(server):
    server.exporter.text = 'node_uname_info{nodename="n1"} 1\n'
    until = time.monotonic() + DEADLINE
    while "node-exporter" not in (said := CliRunner().invoke(main, [server.url])).output:
        assert time.monotonic() < until, said.output
        time.sleep(0.5)
    section = yaml.safe_load(said.output)["plugins"]["prometheus"]
    assert section == {"url": server.url, "mappings": ["node-exporter"]}


def test_what_cannot_be_asked_is_one_line_and_an_exit_code():
    said = CliRunner().invoke(main, ["http://127.0.0.1:1"])
    assert said.exit_code == 69
    assert said.stderr.count("\n") == 1
    assert "127.0.0.1:1: cannot be asked" in said.stderr
    said = CliRunner().invoke(main, ["127.0.0.1"])
    assert said.exit_code == 64
    assert "expected http://host:port" in said.stderr
