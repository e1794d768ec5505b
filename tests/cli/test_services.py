"""``causely run``, ``analyzer``, ``mediator`` and ``agent`` as processes: ready, stopped by a signal, refused."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import httpx
import pytest
import yaml

from causely_core.services.demo.stack import free_ports

DEADLINE = 30.0


@pytest.fixture
def configured(tmp_path):
    """A configuration file with ports of its own, and what is in it."""
    agents, link, api, admin, grpc, http = free_ports(6)
    content = {
        "data_dir": str(tmp_path / "data"),
        "admin_listen": admin,
        "mediator": {"agents_listen": agents, "analyzer": link},
        "analyzer": {"listen": link, "api_listen": api},
        "plugins": {"otlp": {"grpc_endpoint": grpc, "http_endpoint": http}},
    }
    path = tmp_path / "causely.yaml"
    path.write_text(yaml.safe_dump(content))
    return path, content


@contextmanager
def service(name, config, *arguments):
    command = [sys.executable, "-m", "causely_core", name, "--config", str(config), *arguments]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_ready(process, admin):
    deadline = time.monotonic() + DEADLINE
    while not answers(f"http://{admin}/readyz"):
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < deadline
        time.sleep(0.05)


def answers(url):
    try:
        return httpx.get(url).is_success
    except httpx.TransportError:
        return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("name", ["run", "analyzer", "mediator", "agent"])
def test_a_service_is_ready_and_ends_well_on_a_signal(configured, name, number):
    path, content = configured
    with service(name, path) as process:
        wait_ready(process, content["admin_listen"])
        components = {row["component"] for row in plugins(content)}
        everything = {"mediator", "analyzer", "agent"} if os.getuid() == 0 else {"mediator", "analyzer"}
        assert components == (everything if name == "run" else {name})
        process.send_signal(number)
        _, log = process.communicate(timeout=DEADLINE)
    assert process.returncode == 0
    assert "Traceback" not in log
    assert '"event": "stopping"' in log


@pytest.mark.parametrize("enabled", [True, False])
def test_whether_an_agent_runs_as_well_can_be_set(configured, enabled):
    path, content = configured
    path.write_text(yaml.safe_dump({**content, "agent": {"enabled": enabled}}))
    with service("run", path) as process:
        wait_ready(process, content["admin_listen"])
        assert ("agent" in {row["component"] for row in plugins(content)}) == enabled
        if enabled:
            wait_for_metric(content, 'causely_link_acked_total{link="forward"}')
            told = metrics(content)
            assert {f'causely_symptoms_active{{component="{part}"}} 0.0' for part in ("agent", "mediator")} <= set(told)
            assert len([line for line in told if line.startswith("causely_link_spool_size_bytes{")]) == 2
            families = [line for line in told if line.startswith("# TYPE")]
            assert len(families) == len(set(families))


def test_an_agent_forwards_to_the_mediator_named_on_the_command_line(configured, tmp_path):
    path, content = configured
    other = tmp_path / "agent.yaml"
    other.write_text(yaml.safe_dump({"admin_listen": free_ports(1)[0], "data_dir": str(tmp_path / "agent")}))
    told = ("--mediator", content["mediator"]["agents_listen"], "--host-root", str(tmp_path))
    with service("mediator", path) as mediator, service("agent", other, *told) as agent:
        wait_ready(mediator, content["admin_listen"])
        wait_ready(agent, yaml.safe_load(other.read_text())["admin_listen"])
        wait_for_metric(yaml.safe_load(other.read_text()), 'causely_link_acked_total{link="forward"}')
    assert (tmp_path / "agent" / "agent.spool").exists()


def metrics(content):
    return httpx.get(f"http://{content['admin_listen']}/metrics").text.splitlines()


def wait_for_metric(content, name):
    deadline = time.monotonic() + DEADLINE
    while not any(line.startswith(name) for line in metrics(content)):
        assert time.monotonic() < deadline, f"no {name}"
        time.sleep(0.05)


def plugins(content):
    return httpx.get(f"http://{content['admin_listen']}/plugins").json()["plugins"]


def test_where_nothing_is_known_a_person_is_told_so(configured, causely):
    path, content = configured
    with service("analyzer", path) as process:
        wait_ready(process, content["admin_listen"])
        api = ("--api", f"http://{content['analyzer']['api_listen']}")
        assert causely("get", "root-causes", *api).out == "no active root causes\n"
        assert causely("get", "root-causes", "--all", *api).out == "no root causes\n"
        assert causely("get", "entities", *api).out == "no entities\n"
        assert causely("get", "symptoms", *api, "-o", "json").out == "[]\n"


def test_a_taken_port_is_one_line(configured):
    path, content = configured
    host, _, port = content["mediator"]["agents_listen"].partition(":")
    with socket.create_server((host, int(port))), service("mediator", path) as process:
        _, log = process.communicate(timeout=DEADLINE)
    said = [line for line in log.splitlines() if line.startswith("causely: ")]
    assert process.returncode == os.EX_UNAVAILABLE
    assert len(said) == 1
    assert said[0].startswith(f"causely: cannot listen on {host}:{port}: ")
    assert "Traceback" not in log
