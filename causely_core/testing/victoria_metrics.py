"""A real VictoriaMetrics on loopback."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from causely_core.services.demo.stack import free_ports

BINARIES = ("victoria-metrics", "victoria-metrics-prod")
"""What Debian calls it, and what its makers do."""
DEADLINE = 20.0


@contextmanager
def victoria_metrics_in(folder: Path) -> Iterator[str]:
    """The URL of a server with its data below ``folder``; skips the test where there is no binary."""
    binary = next(filter(None, map(shutil.which, BINARIES)), None)
    if binary is None:
        pytest.skip("no victoria-metrics on this machine; the Debian package victoria-metrics has it")
    (address,) = free_ports(1)
    command = [binary, f"-httpListenAddr={address}", f"-storageDataPath={folder / 'data'}", "-loggerLevel=ERROR"]
    command += ["-retentionPeriod=100y", "-search.latencyOffset=0s"]
    with (
        (folder / "victoria-metrics.log").open("ab") as log,
        subprocess.Popen(command, stdout=log, stderr=log) as server,
    ):
        try:
            _wait(f"http://{address}", server)
            yield f"http://{address}"
        finally:
            server.terminate()


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + DEADLINE
    while server.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/health").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.02)
    pytest.fail("VictoriaMetrics did not start; its log is in its folder", pytrace=False)
