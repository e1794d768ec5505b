"""``causely agent`` as a process with all plugins that are installed, and somebody to take its series."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest
import yaml

from causely_core.services.demo.stack import free_ports

WATCHES, WATCHES_NOTHING = "watching connections", "nothing is watched"


class Sink(BaseHTTPRequestHandler):
    """Takes series as VictoriaMetrics would, and forgets them."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests += 1
        self.send_response(204)
        self.end_headers()

    def log_message(self, *arguments):
        """Be silent."""


class SeriesServer(ThreadingHTTPServer):
    """A sink of series, with how many requests it has had."""

    requests = 0

    @property
    def address(self):
        return f"127.0.0.1:{self.server_port}"


@contextmanager
def sink():
    """A running sink of series."""
    with SeriesServer(("127.0.0.1", 0), Sink) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@contextmanager
def holding(count):
    """A process that holds so many connections; the agent sees both of their ends."""
    command = [sys.executable, str(Path(__file__).with_name("holding.py")), str(count)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "held\n"
            yield
        finally:
            process.kill()


class LivingAgent:
    """One that can be started, with ``agent`` and ``plugins`` in these sections of its configuration."""

    def __init__(self, folder, plugins=None, **agent):
        self.folder, self.admin = folder, free_ports(1)[0]
        whole = {"data_dir": str(folder / "data"), "admin_listen": self.admin, "agent": agent, "plugins": plugins or {}}
        (folder / "agent.yaml").write_text(yaml.safe_dump(whole))

    @contextmanager
    def running(self, *wrapper):
        """The process, or that of the command that it is wrapped in; it is ended at the end."""
        command = [*wrapper, sys.executable, "-m", "causely_core", "agent", "--config", str(self.folder / "agent.yaml")]
        paths = os.pathsep.join(filter(None, sys.path))
        with (self.folder / "log").open("w") as log:
            process = subprocess.Popen(
                command, stderr=log, env={**os.environ, "PYTHONPATH": paths}, start_new_session=True
            )
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    @property
    def log(self):
        return (self.folder / "log").read_text()

    async def watches(self):
        """Whether all plugins are at work; without eBPF the test skips."""
        if WATCHES_NOTHING in self.log:
            pytest.skip("eBPF: " + next(line for line in self.log.splitlines() if WATCHES_NOTHING in line))
        return WATCHES in self.log

    async def metrics(self):
        """Its own metrics without labels, by name; none while it does not answer."""
        try:
            async with httpx.AsyncClient(timeout=5.0) as client:
                text = (await client.get(f"http://{self.admin}/metrics")).text
        except httpx.TransportError:
            return {}
        lines = (line.split() for line in text.splitlines() if not line.startswith("#"))
        return {name.partition("{")[0].removeprefix("causely_"): float(value) for name, value in lines}
