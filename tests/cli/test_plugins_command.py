"""``causely plugins list``: of a running service, and as installed."""

import json
import os

import yaml


def test_a_running_service_tells_state_and_units(causely, running):
    done = causely("plugins", "list", "--admin", running.stack.admin, "-o", "json")
    rows = {(row["component"], row["name"]): row for row in json.loads(done.out)}
    assert {("mediator", "core"), ("analyzer", "core"), ("mediator", "otlp")} <= set(rows)
    otlp = rows["mediator", "otlp"]
    assert otlp["state"] == "running"
    assert {unit["kind"] for unit in otlp["units"]} >= {"collector", "discoverer"}


def test_hooks_are_listed_by_their_short_names(causely, running):
    lines = causely("plugins", "list", "--admin", running.stack.admin).out.splitlines()
    assert lines[0].split() == ["NAME", "VERSION", "COMPONENT", "STATE", "HOOKS", "ERROR"]
    core = next(line for line in lines if line.startswith("core") and "analyzer" in line)
    assert "causal_models" in core
    assert "causely_" not in core


def test_verbose_tells_of_each_unit_with_its_cost_and_last_error(causely, running):
    lines = causely("plugins", "list", "-v", "--admin", running.stack.admin).out.splitlines()
    assert lines[0].split() == [
        *("NAME", "VERSION", "COMPONENT", "STATE", "HOOKS"),
        *("ERROR", "ITEMS", "FAILURES", "CPU"),
    ]
    [detector] = [line.split() for line in lines if line.startswith("  error-rate ")]
    assert detector[2] == "detector"
    assert float(detector[-2]) >= 0.0


def test_without_a_service_the_installed_ones_are_listed(causely):
    done = causely("plugins", "list", "--admin", "http://127.0.0.1:9", "-o", "yaml")
    rows = {row["name"]: row for row in yaml.safe_load(done.out)}
    assert (rows["core"]["state"], rows["core"]["component"]) == ("installed", "cli")
    assert done.err == ""


def test_something_else_at_the_address_counts_as_no_service(causely, running):
    done = causely("plugins", "list", "--admin", running.stack.api, "-o", "json")
    assert {row["state"] for row in json.loads(done.out)} == {"installed"}


def test_where_nothing_is_to_be_installed_that_is_said(causely, tmp_path):
    path = tmp_path / "causely.yaml"
    path.write_text(f"{{plugins_dir: {tmp_path}/extra, extra_plugins: [{{package: acme-causely==1.0}}]}}")
    done = causely("plugins", "install", "--config", path, "--component", "agent")
    assert (done.status, done.out, done.err) == (0, "nothing to install for agent\n", "")


def test_what_cannot_be_installed_is_one_line(causely, tmp_path):
    path = tmp_path / "causely.yaml"
    path.write_text(f"extra_plugins: [{{package: acme-causely==1.0, find_links: {tmp_path}}}]")
    done = causely("plugins", "install", "--config", path, "--target", tmp_path / "extra")
    assert done.status == os.EX_CONFIG
    assert done.err == "causely: extra_plugins: No matching distribution found for acme-causely==1.0\n"
