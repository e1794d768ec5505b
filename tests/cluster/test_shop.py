"""Diagnoses with what Kubernetes knows: mediator and analyzer as the chart configures them, at a real API server."""

import time

import pytest

from ..charts.conftest import helm  # noqa: F401 (a fixture)
from .processes import Processes, Release
from .shop import READY, UNREADY, Shop, waiting

DEADLINE = 90.0


@pytest.fixture(scope="module")
def processes(helm, control_plane, writer, tmp_path_factory):  # noqa: F811
    folder = tmp_path_factory.mktemp("release")
    release = Release(helm.render(), "watch")
    release.install(writer)
    running = Processes(release, folder)
    try:
        running.start(release.kubeconfig("mediator", writer, control_plane, folder))
        yield running
    finally:
        running.stop()


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
