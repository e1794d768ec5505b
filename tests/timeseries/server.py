"""A real VictoriaMetrics on loopback that can be stopped and started again."""

import shutil
import socket
import subprocess
import time
from pathlib import Path

import httpx
import pytest
from attrs import define, field

BINARY = "victoria-metrics"
DEADLINE = 20.0

RUNNING: list["VictoriaMetrics"] = []
"""The servers of this process that are up."""


@define(eq=False)
class VictoriaMetrics:
    """One server with its data below ``folder``; the same port and data at every start.

    ``path`` is put before every path of its API, as a VictoriaMetrics cluster does.
    """

    folder: Path
    path: str = ""
    port: int = field(factory=lambda: free_port())
    _process: subprocess.Popen | None = field(default=None, init=False)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}{self.path}"

    def start(self):
        command = [
            binary(),
            f"-httpListenAddr=127.0.0.1:{self.port}",
            f"-storageDataPath={self.folder / 'data'}",
            "-retentionPeriod=1",
            "-search.latencyOffset=0s",
            "-loggerLevel=ERROR",
            f"-http.pathPrefix={self.path}",
        ]
        with (self.folder / "victoria-metrics.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        wait_until(self._healthy)
        RUNNING.append(self)

    def stop(self):
        if self in RUNNING:
            RUNNING.remove(self)
        if self._process is not None:
            self._process.terminate()
            self._process.wait(DEADLINE)
            self._process = None

    def _healthy(self):
        assert self._process.poll() is None, (self.folder / "victoria-metrics.log").read_text()
        try:
            return httpx.get(f"{self.url}/health").is_success
        except httpx.TransportError:
            return False


def binary():
    found = shutil.which(BINARY)
    if found is None:
        pytest.skip(f"no {BINARY} on this machine; the Debian package {BINARY} has it")
    return found


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as held:
        return held.getsockname()[1]


def wait_until(condition):
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline, "VictoriaMetrics did not answer in time"
        time.sleep(0.02)
