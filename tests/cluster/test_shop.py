"""Diagnoses with what Kubernetes knows: mediator and analyzer as the chart configures them, at a real API server."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from ..charts.conftest import helm  # noqa: F401 (a fixture)
from .processes import Processes, Release
from .shop import READY, UNREADY, Shop, running, waiting

DEADLINE = 90.0
GROUPS = Path("/sys/fs/cgroup")
ID = "ab" * 32
PERIOD, QUOTA = 100_000, 5_000
"""Microseconds that a throttled container may run, and in which."""


@pytest.fixture(scope="module")
def processes(helm, control_plane, writer, tmp_path_factory):  # noqa: F811
    folder = tmp_path_factory.mktemp("release")
    release = Release(helm.render(), "watch")
    release.install(writer)
    parts = Processes(release, folder)
    try:
        parts.start(release.kubeconfig("mediator", writer, control_plane, folder))
        yield parts
    finally:
        parts.stop()


@pytest.fixture
def shop(processes, writer, namespace):
    """Two pods that are well, and known to be."""
    found = Shop(writer, namespace)
    found.open()
    until(lambda: found.service in processes.known())
    return found


def until(condition):
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.2)


def test_a_pod_that_was_killed_for_want_of_memory(processes, shop):
    container = shop.pod_is("cart-0", waiting("CrashLoopBackOff", 3, reason="OOMKilled"), (UNREADY,))
    until(lambda: (container, "OutOfMemory") in processes.found())
    assert (shop.workload, "BadRollout") not in processes.found()


def test_a_rollout_whose_pods_do_not_start(processes, shop):
    shop.roll_out(image="registry.example/cart:broken")
    for pod in ("cart-0", "cart-1"):
        shop.pod_is(pod, waiting("ImagePullBackOff"), (UNREADY,))
    shop.available(0, unavailableReplicas=2)
    until(lambda: (shop.workload, "BadRollout") in processes.found())


def test_a_node_that_is_not_ready(processes, shop):
    shop.node_is({"type": "Ready", "status": "False"})
    until(lambda: (f"Node:{shop.node}", "NotReady") in processes.found())
    shop.node_is(READY)
    until(lambda: (f"Node:{shop.node}", "NotReady") not in processes.found())


@contextmanager
def throttled(uid):
    """A process that is always busy, in a control group such as a container's, with a limit far below what it wants."""
    folders = [GROUPS / controller / "kubepods" / f"pod{uid}" / ID for controller in ("cpu", "cpuacct")]
    for folder in folders:
        folder.mkdir(parents=True)
    (folders[0] / "cpu.cfs_period_us").write_text(str(PERIOD))
    (folders[0] / "cpu.cfs_quota_us").write_text(str(QUOTA))
    process = subprocess.Popen([sys.executable, "-S", "-c", "while True: pass"])
    try:
        for folder in folders:
            (folder / "cgroup.procs").write_text(str(process.pid))
        yield
    finally:
        process.kill()
        process.wait()
        for folder in folders:
            remove(folder)


def remove(folder):
    """Remove a container's group and its pod's once the kernel has let go of them."""
    deadline = time.monotonic() + DEADLINE
    while folder.exists():
        try:
            folder.rmdir()
            folder.parent.rmdir()
        except OSError:
            assert time.monotonic() < deadline, f"{folder} is still in use"
            time.sleep(0.05)


@pytest.mark.skipif(
    os.geteuid() != 0 or not (GROUPS / "cpu" / "cpu.cfs_quota_us").exists(),
    reason="takes root, and control groups of version 1",
)
def test_a_container_at_its_processor_limit(processes, shop, writer, control_plane, tmp_path):
    container = shop.pod_is("cart-0", running(containerID=f"containerd://{ID}"))
    uid = writer.get(f"{shop.core}/pods/cart-0")["metadata"]["uid"]
    with throttled(uid):
        account = processes.release.account("agent", writer, control_plane, tmp_path / "account")
        processes.start_agent(shop.node, control_plane.url, account)
        until(lambda: (container, "CPUThrottled") in processes.found())
