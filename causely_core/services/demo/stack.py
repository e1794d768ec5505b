"""Starting causely itself for the demo, on ports of its own."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import yaml
from attrs import frozen

from causely_core.errors import UnavailableError
from causely_core.services.demo.process import child

START_SECONDS = 30.0
_WATCHING = "\ncausely_ebpf_watching 1"
"""In the metrics of an agent that sees connections."""


@frozen
class Stack:
    """A running ``causely run``.

    Attributes:
        api: base URL of the analyzer's API.
        admin: base URL of the admin port.
        otlp: the OTLP/gRPC endpoint that applications export to.
    """

    api: str
    admin: str
    otlp: str

    def items(self, kind: str, **parameters: Any) -> list[dict[str, Any]]:
        """A listing of the API, such as ``root-causes``."""
        answer = httpx.get(f"{self.api}/api/v1/{kind}", params={"limit": 500, **parameters}, timeout=10.0)
        items: list[dict[str, Any]] = answer.raise_for_status().json()["items"]
        return items

    def describe(self, root_cause: str) -> dict[str, Any]:
        """One root cause in full."""
        answer = httpx.get(f"{self.api}/api/v1/root-causes/{root_cause}", timeout=10.0)
        found: dict[str, Any] = answer.raise_for_status().json()
        return found


@contextmanager
def running(data_dir: Path, agent: bool = False) -> Generator[Stack]:
    """Start ``causely run`` below ``data_dir`` and stop it again.

    Args:
        data_dir: every file of it is below.
        agent: whether it watches this machine, which takes root.

    Raises:
        UnavailableError: it did not become ready; its log is named.
    """
    otlp, http, agents, link, api, admin = free_ports(6)
    data_dir.mkdir(parents=True, exist_ok=True)
    config = data_dir / "causely.yaml"
    config.write_text(
        yaml.safe_dump(
            {
                "data_dir": str(data_dir / "data"),
                "admin_listen": admin,
                # A shop that exports is told of by itself; the agent tells what else this machine does, too.
                "agent": {"enabled": agent},
                "mediator": {"agents_listen": agents, "analyzer": link},
                "analyzer": {"listen": link, "api_listen": api},
                "plugins": {"otlp": {"grpc_endpoint": otlp, "http_endpoint": http}},
            }
        )
    )
    command = [sys.executable, "-m", "causely_core", "run", "--config", str(config)]
    with child(command, data_dir / "causely.log", {}) as process:
        stack = Stack(f"http://{api}", f"http://{admin}", f"http://{otlp}")
        _wait_ready(stack, process, data_dir / "causely.log", agent)
        yield stack


def free_ports(count: int) -> list[str]:
    """Loopback addresses that were free a moment ago."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    addresses = [f"127.0.0.1:{one.getsockname()[1]}" for one in held]
    for one in held:
        one.close()
    return addresses


def _wait_ready(stack: Stack, process: subprocess.Popen[str], log: Path, watching: bool) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        ready = _answers(f"{stack.admin}/readyz") and _answers(f"{stack.api}/api/v1/status")
        # What began before it is watched may be understood in part only.
        if ready and (not watching or _WATCHING in _answers(f"{stack.admin}/metrics")):
            return
        time.sleep(0.1)
    lines = log.read_text().splitlines() or ["it said nothing"]
    raise UnavailableError(f"causely did not start within {START_SECONDS:g} s: {lines[-1]}")


def _answers(url: str) -> str:
    """What is answered; empty while nothing is, or an error."""
    try:
        return httpx.get(url, timeout=1.0).raise_for_status().text
    except httpx.HTTPError:
        return ""
