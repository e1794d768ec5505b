"""A cluster of one node with our images, where this machine can have one."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from ..build import program
from .images import archives
from .node import Node

PROGRAMS = {"etcd": "etcd-server", "containerd": "containerd", "runc": "runc", "nft": "nftables", "kubectl": "kubectl"}
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
            running.start(archives().values())
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
    if lacking := [image for image, archive in archives().items() if not archive.exists()]:
        return f"not built: {', '.join(lacking)}: {BY}"
    return ""


@pytest.fixture(scope="session")
def kubectl(node):
    """Asks by kubectl, as an administrator; gives what it printed, or what that is as JSON."""

    def ask(*words, input=None):
        command = ["kubectl", f"--kubeconfig={node.kubeconfig}", *words]
        done = subprocess.run(command, capture_output=True, text=True, input=input, timeout=120)
        assert done.returncode == 0, f"{' '.join(words)}: {done.stderr.strip()}"
        return json.loads(done.stdout) if "json" in words else done.stdout

    return ask
