"""Running the real ``causely`` command against the real shop."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


@pytest.fixture
def causely():
    """Runs ``causely ARGUMENTS``; returns the finished process."""

    def run(*arguments: str, timeout: float = 60.0) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "causely_core", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)

    return run


@pytest.fixture
def demo(causely, tmp_path):
    """Runs the demo for a fault; returns its JSON answer."""

    def run(fault: str, *arguments: str) -> dict:
        folder = tmp_path / "demo"
        done = causely(
            "demo", "--fault", fault, "--output", "json", "--data-dir", str(folder), *arguments, timeout=240.0
        )
        assert done.stdout, done.stderr
        return json.loads(done.stdout)

    return run
