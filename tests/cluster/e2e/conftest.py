"""A cluster of one node with our images, where this machine can have one."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from ...charts.conftest import tool
from ..build import program
from .images import LAYOUT
from .node import Node

ROOT = Path(__file__).parents[3]
PROGRAMS = {"etcd": "etcd-server", "containerd": "containerd", "runc": "runc", "nft": "nftables"}
"""What runs a node, and the package of Debian's that has it."""
BY = "python3 -m tox run -e e2e"


@pytest.fixture(scope="session")
def node():
    """Up for all tests of the session."""
    if reason := _missing():
        pytest.skip(reason)
    # Sockets have short names, so that this is not below a folder of pytest's.
    with tempfile.TemporaryDirectory(prefix="causely-e2e-") as folder:
        running = Node(Path(folder))
        try:
            running.start(LAYOUT)
            yield running
        finally:
            running.stop()


def _missing():
    if os.geteuid() != 0:
        return "a node runs as root only"
    if lacking := [package for name, package in PROGRAMS.items() if shutil.which(name) is None]:
        return f"not installed: {', '.join(lacking)}"
    if not Path("/usr/lib/cni/ptp").exists():
        return "not installed: containernetworking-plugins"
    if lacking := [name for name in ("control-plane", "node", "dns") if not program(name).exists()]:
        return f"not built: {', '.join(lacking)}: {BY}"
    return "" if LAYOUT.exists() else f"no images were built: {BY}"


def run(program, *words, input=None):
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True, input=input, timeout=180)
    assert done.returncode == 0, f"{' '.join(map(str, words))}: {done.stderr.strip()} {done.stdout[-2000:]}"
    return done.stdout


@pytest.fixture(scope="session")
def kubectl(node):
    """Asks by kubectl, as an administrator; gives what it printed, or what that is as JSON."""
    program = tool("kubectl", "--kept")

    def ask(*words, input=None):
        said = run(program, f"--kubeconfig={node.kubeconfig}", *words, input=input)
        return json.loads(said) if "json" in words else said

    return ask


@pytest.fixture(scope="session")
def helm(node):
    """Runs helm, as an administrator; gives what it printed."""
    program = tool("helm4", "--kept")
    return lambda *words: run(program, f"--kubeconfig={node.kubeconfig}", *words)
