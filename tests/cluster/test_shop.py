"""Diagnoses with what Kubernetes knows: mediator and analyzer as the chart configures them, at a real API server."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
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
def busy(uid, id, quota=-1, processes=1):
    """Processes that are always busy, in a control group such as a container's.

    Args:
        uid: of the container's pod.
        id: of the container.
        quota: microseconds that it may run in each :data:`PERIOD`; -1 for no limit.
        processes: how many there are.
    """
    folders = [GROUPS / controller / "kubepods" / f"pod{uid}" / id for controller in ("cpu", "cpuacct")]
    for folder in folders:
        folder.mkdir(parents=True)
    (folders[0] / "cpu.cfs_period_us").write_text(str(PERIOD))
    (folders[0] / "cpu.cfs_quota_us").write_text(str(quota))
    running = [subprocess.Popen([sys.executable, "-S", "-c", "while True: pass"]) for _ in range(processes)]
    try:
        for folder in folders:
            for process in running:
                (folder / "cgroup.procs").write_text(str(process.pid))
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()
        for folder in folders:
            remove(folder)


def remove(folder):
    """Remove a container's group once the kernel has let go of it, and those around it that have no other."""
    deadline = time.monotonic() + DEADLINE
    while folder.exists():
        with suppress(OSError):
            folder.rmdir()
        assert time.monotonic() < deadline, f"{folder} is still in use"
        time.sleep(0.05)
    with suppress(OSError):
        folder.parent.rmdir()
        folder.parent.parent.rmdir()


@pytest.fixture
def agent(processes, shop, writer, control_plane, tmp_path):
    """One that sees this machine as the shop's node, once it is started."""
    if os.geteuid() != 0 or not (GROUPS / "cpu" / "cpu.cfs_quota_us").exists():
        pytest.skip("takes root, and control groups of version 1")
    account = processes.release.account("agent", writer, control_plane, tmp_path / "account")
    return processes.agent(shop.node, control_plane.url, account)


def started(shop, name, id):
    """Uid of a pod whose container has started."""
    shop.pod_is(name, running(containerID=f"containerd://{id}"))
    return shop.writer.get(f"{shop.core}/pods/{name}")["metadata"]["uid"]


def test_a_container_at_its_processor_limit(processes, shop, agent):
    with busy(started(shop, "cart-0", ID), ID, QUOTA), agent:
        until(lambda: (f"Container:{shop.namespace}/cart-0/main", "CPUThrottled") in processes.found())


@pytest.mark.alone
def test_a_container_that_takes_what_others_need(processes, shop, agent):
    shop.pod("greedy", requests={"cpu": "50m"})
    with busy(started(shop, "greedy", ID), ID, processes=os.cpu_count()), agent:
        until(lambda: (f"Container:{shop.namespace}/greedy/main", "NoisyNeighbour") in processes.found())
