"""The command line through its public interface: exit codes and one-line errors."""

import json
import os
import subprocess
import sys

import pytest

from causely_core.cli.main import COMMANDS, cli


def run(*arguments, **environment):
    command = [sys.executable, "-m", "causely_core", *arguments]
    environment = {**os.environ, **environment}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment)


def test_version_names_the_plugin_api():
    done = run("version")
    assert done.returncode == 0
    assert "plugin API 1" in done.stdout


def test_help_lists_every_command():
    done = run("--help")
    for command in ("run", "agent", "mediator", "analyzer", "get", "describe", "demo", "egress", "plugins", "version"):
        assert command in done.stdout


def test_help_says_of_each_command_what_its_own_help_begins_with():
    for name, told in COMMANDS.items():
        own = cli.get_command(None, name).help.partition("\n\n")[0]
        assert " ".join(own.split()) == told


def test_help_imports_no_command():
    code = "import sys; from causely_core.cli.main import cli; cli.main(['-h'], '', None, False); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    modules = done.stdout.splitlines()[-1].split()
    assert "causely_core.cli.main" in modules
    assert not {"numpy", "grpc", "opentelemetry", "causely_core.model"} & set(modules)


def test_without_an_analyzer_get_says_so():
    done = run("get", "root-causes", "--api", "http://127.0.0.1:9")
    assert done.returncode == os.EX_UNAVAILABLE
    assert done.stderr.startswith("causely: no analyzer answers at http://127.0.0.1:9")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [("get", "roots"), ("nothing",), ("egress", "--last", "0")])
def test_wrong_usage_is_one_line_and_exits_64(arguments):
    done = run(*arguments)
    assert done.returncode == os.EX_USAGE
    assert done.stderr.startswith("causely: ")
    assert done.stderr.count("\n") == 1


def test_a_wrong_configuration_names_file_and_key(tmp_path):
    config = tmp_path / "causely.yaml"
    config.write_text("mediator: {detection_intervall: 1}")
    done = run("run", "--config", str(config))
    assert done.returncode == os.EX_CONFIG
    assert done.stderr.startswith("causely: causely.yaml.mediator: unknown key detection_intervall; known are ")
    assert done.stderr.count("\n") == 1


def test_plugins_are_listed_without_a_running_service():
    done = run("plugins", "list", "--admin", "http://127.0.0.1:9", "-o", "json")
    rows = {row["name"]: row for row in json.loads(done.stdout)}
    assert rows["core"]["state"] == "installed"
    assert "causely_causal_models" in rows["core"]["hooks"]


def test_an_empty_ledger_shows_its_heading_only(tmp_path):
    done = run("egress", "--data-dir", str(tmp_path))
    assert done.returncode == 0
    assert done.stdout.split() == ["TIME", "DIRECTION", "KIND", "ITEMS", "BYTES", "DESTINATION"]
