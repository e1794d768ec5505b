"""Which mappings a server is worth, by the metrics that it has."""

import json
import os
import time
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
import yaml
from causely_plugin_prometheus.mapping.files import ready
from causely_plugin_prometheus.suggest import command, suggested
from click.testing import CliRunner

from causely_core.errors import CauselyError

from .scripted import Scripted
from .servers import DEADLINE

PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def test_a_mapping_is_suggested_by_a_metric_that_it_is_known_by():
    assert suggested(["redis_memory_used_bytes", "up"]) == {"redis": ("redis_memory_used_bytes",)}
    assert suggested(["up"]) == {}
    every = {"redis_memory_used_bytes", "node_uname_info", "go_goroutines"}
    assert set(suggested(every)) <= set(ready())


def test_a_real_server_is_asked_and_a_section_is_printed(server):
    server.exporter.text = 'node_uname_info{nodename="n1"} 1\n'
    until = time.monotonic() + DEADLINE
    while "node-exporter" not in (said := CliRunner().invoke(command, ["suggest", server.url])).output:
        assert time.monotonic() < until, said.output
        time.sleep(0.5)
    section = yaml.safe_load(said.output)["plugins"]["prometheus"]
    assert section == {"url": server.url, "mappings": ["node-exporter"]}


@pytest.mark.parametrize(
    ("url", "status", "said"),
    [
        ("http://127.0.0.1:1", os.EX_UNAVAILABLE, "http://127.0.0.1:1: cannot be asked"),
        ("127.0.0.1", os.EX_USAGE, "url: expected http://host:port"),
    ],
)
def test_what_cannot_be_asked_is_one_line_and_an_exit_code(url, status, said):
    with pytest.raises(CauselyError) as found:
        CliRunner().invoke(command, ["suggest", url], catch_exceptions=False)
    (line,) = found.value.lines
    assert line.startswith(said)
    assert found.value.exit_code == status


def test_who_asks_says_who_it_is_and_the_section_tells_no_password(tmp_path):
    server = Scripted(lambda _: (200, {}, json.dumps({"status": "success", "data": ["redis_memory_used_bytes"]})))
    arguments = ["suggest", f"http://{server.address}", "--tenant", "shop", "--username", "u", "--ca-file", __file__]
    said = CliRunner(env={"CAUSELY_PROMETHEUS_PASSWORD": "hush"}).invoke(command, arguments)
    server.close()
    headers = server.requests[0][2]
    assert (headers["X-Scope-OrgID"], headers["Authorization"]) == ("shop", "Basic dTpodXNo")
    assert "hush" not in said.output
    assert yaml.safe_load(said.output)["plugins"]["prometheus"] == {
        "url": f"http://{server.address}",
        "tenant": "shop",
        "username": "u",
        "ca_file": __file__,
        "password": "${env:CAUSELY_PROMETHEUS_PASSWORD}",
        "mappings": ["redis"],
    }


def test_the_package_adds_the_command_to_causely():
    named = tomllib.loads(PROJECT.read_text())["project"]["entry-points"]["causely.commands"]
    (entry,) = (EntryPoint(name, value, "causely.commands") for name, value in named.items())
    assert (entry.name, entry.load()) == ("prometheus", command)
