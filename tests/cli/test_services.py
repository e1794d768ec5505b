"""``causely run``, ``analyzer`` and ``mediator`` as processes: ready, stopped by a signal, refused."""

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
    agents, link, api, admin = free_ports(4)
    free = "127.0.0.1:0"
    content = {
        "data_dir": str(tmp_path / "data"),
        "admin_listen": admin,
        "mediator": {"agents_listen": agents, "analyzer": link},
        "analyzer": {"listen": link, "api_listen": api},
        "plugins": {"otlp": {"grpc_endpoint": free, "http_endpoint": free}},
    }
    path = tmp_path / "causely.yaml"
    path.write_text(yaml.safe_dump(content))
    return path, content


@contextmanager
def service(name, config):
    command = [sys.executable, "-m", "causely_core", name, "--config", str(config)]
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
@pytest.mark.parametrize("name", ["run", "analyzer", "mediator"])
def test_a_service_is_ready_and_ends_well_on_a_signal(configured, name, number):
    path, content = configured
    with service(name, path) as process:
        wait_ready(process, content["admin_listen"])
        components = {row["component"] for row in plugins(content)}
        assert components == ({"mediator", "analyzer"} if name == "run" else {name})
        process.send_signal(number)
        _, log = process.communicate(timeout=DEADLINE)
    assert process.returncode == 0
    assert "Traceback" not in log
    assert '"event": "stopping"' in log


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
