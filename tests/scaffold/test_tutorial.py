"""The tutorial of docs/plugins.md, word for word."""

import json
import os
import re
import subprocess
import sys
import sysconfig
import time
import venv
from pathlib import Path

import pytest
import yaml

from causely_core.services.demo.process import child
from causely_core.services.demo.stack import free_ports

TUTORIAL = Path(__file__).parents[2] / "docs" / "plugins.md"
DEADLINE = 60.0


@pytest.fixture
def shell(tmp_path):
    """Runs lines of a shell where pip installs into an environment of the test's, on top of this one."""
    home = tmp_path / "venv"
    venv.create(home, with_pip=False)
    [site] = home.glob("lib/python*/site-packages")
    (site / "this.pth").write_text(f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n")
    for command, module in (("pip", "pip"), ("pytest", "pytest"), ("causely", "causely_core")):
        script = home / "bin" / command
        script.write_text(f'#!/bin/sh\nexec {home}/bin/python -m {module} "$@"\n')
        script.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{home}/bin:{os.environ['PATH']}",
        "PIP_NO_INDEX": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # which is how pip is told that there is none
        "PYTEST_ADDOPTS": "-p causely_core.testing.plugin",
    }

    def run(script, folder):
        done = subprocess.run(
            ["bash", "-ec", script],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run.environment = environment
    return run


def test_the_tutorial_works(shell, tmp_path):
    making, running = re.findall(r"```sh\n(.*?)```", TUTORIAL.read_text(), re.DOTALL)
    assert "passed" in shell(making, tmp_path)
    package = tmp_path / "causely-plugin-acme"
    *before, last = running.splitlines()
    shell("\n".join(before), package)
    admin = on_free_ports(package / "causely.yaml", tmp_path / "data")
    with child(["bash", "-ec", f"cd {package}; exec {last}"], tmp_path / "log", shell.environment):
        acme = running_in_mediator(
            lambda: json.loads(shell(f"causely plugins list --admin http://{admin} -o json", package))
        )
    assert (acme["error"], acme["version"]) == ("", "0.1.0")
    assert [unit["name"] for unit in acme["units"]] == ["acme/load"]


def running_in_mediator(listed):
    """The plugin, once it runs."""
    deadline = time.monotonic() + DEADLINE
    while time.monotonic() < deadline:
        for row in listed():
            if (row["name"], row["component"], row["state"]) == ("acme", "mediator", "running"):
                return row
        time.sleep(0.2)
    pytest.fail(f"acme does not run: {listed()}")


def on_free_ports(file, data_dir):
    """The tutorial's own file, where nothing else may listen; returns the admin port's address."""
    admin, agents, link, api, grpc, http = free_ports(6)
    told = yaml.safe_load(file.read_text())
    told["plugins"]["otlp"] = {"grpc_endpoint": grpc, "http_endpoint": http}
    places = {
        "data_dir": str(data_dir),
        "admin_listen": admin,
        "agent": {"enabled": False},
        "mediator": {"agents_listen": agents, "analyzer": link},
        "analyzer": {"listen": link, "api_listen": api},
    }
    file.write_text(yaml.safe_dump(told | places))
    return admin


def test_the_example_passes_its_contracts():
    example = TUTORIAL.parents[1] / "examples" / "causely-plugin-example"
    command = [sys.executable, "-m", "causely_core", "plugins", "check", str(example), "-o", "json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert {row["contract"] for row in json.loads(done.stdout)} == {"TestCollector", "TestDiscoverer", "TestDetector"}
