"""The shop is diagnosed with what Kubernetes knows, by parts that are configured by the chart, at a real API server."""

import os
import sys
import time
from pathlib import Path

import pytest
from causely_plugin_ebpf.checks import lacking

from ..charts.conftest import helm  # noqa: F401 (a fixture)
from .containers import can_run
from .processes import Processes, Release
from .running_shop import SERVICES, RunningShop
from .shop import READY, UNREADY, Shop, waiting

pytestmark = [
    pytest.mark.alone,
    pytest.mark.skipif(not can_run(), reason="takes root, and control groups of version 1"),
]

DEADLINE = 120.0
QUIET = 15.0
"""Seconds without a symptom of the shop after which it is well."""
CHANGED = "Deployment_Changed"
"""What is told of a rollout for minutes, whatever comes of it."""
QUOTA = 1_000
"""Microseconds of 100,000 that a throttled container may run."""
NAMESPACE = "shop"
PLACES = (f":{NAMESPACE}/", f"Node:node-{NAMESPACE}")
"""In ids of the shop's entities; what else runs on this machine is none of its business."""


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


@pytest.fixture(scope="module")
def running_shop(processes, control_plane, writer, tmp_path_factory):
    """The shop and an agent, for which this machine is the shop's node, once all of it is known."""
    writer.create("/api/v1/namespaces", {"metadata": {"name": NAMESPACE}})
    writer.create(f"/api/v1/namespaces/{NAMESPACE}/serviceaccounts", {"metadata": {"name": "default"}})
    shop = RunningShop(writer, NAMESPACE, processes.stack.otlp, tmp_path_factory.mktemp("shop"))
    account = processes.release.account("agent", writer, control_plane, tmp_path_factory.mktemp("agent") / "account")
    try:
        shop.open()
        with processes.agent(shop.node, control_plane.url, account):
            until(lambda: len(processes.services(NAMESPACE)) == len(SERVICES))
            yield shop
    finally:
        shop.close()


@pytest.fixture
def shop(processes, running_shop):
    """It, when nothing is wrong with it."""
    well_since = time.monotonic()

    def well():
        nonlocal well_since
        if processes.found(*PLACES) or processes.symptoms(NAMESPACE) - {CHANGED}:
            well_since = time.monotonic()
        return time.monotonic() - well_since > QUIET

    until(well)
    return running_shop


def until(condition):
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.2)


def test_what_ebpf_opentelemetry_and_kubernetes_tell_of_a_service_is_of_one(processes, shop):
    assert processes.services(NAMESPACE) == {
        f"Service:{NAMESPACE}/{name}": f"Container:{NAMESPACE}/{name}-0/main" for name in SERVICES
    }
    told = processes.stack.items("entities", type="Service")
    assert len([each for each in told if each["name"] in SERVICES]) == len(SERVICES)


def test_ebpf_tells_what_opentelemetry_calls_otherwise(processes, shop, tmp_path):
    if missing := list(lacking(Path("/"), tmp_path)):
        pytest.skip("eBPF: " + "; ".join(missing))
    operations = {each["id"] for each in processes.stack.items("entities", type="Operation")}
    assert {
        f"Operation:{NAMESPACE}/frontend:GET /recommendations/{value}" for value in ("{id}", "{user}")
    } <= operations


def test_a_pod_that_was_killed_for_want_of_memory(processes, shop):
    shop.containers["recommendations"].kill()
    killed = waiting("CrashLoopBackOff", 3, reason="OOMKilled")
    container = shop.workloads["recommendations"].pod_is("recommendations-0", killed, (UNREADY,))
    until(lambda: processes.found(*PLACES)[:1] == [(container, "OutOfMemory")])

    shop.replace("recommendations")


def test_a_rollout_whose_pods_do_not_start(processes, shop):
    rolled = shop.workloads["shipping"]
    rolled.roll_out(image="registry.example/shipping:broken")
    shop.containers["shipping"].kill()
    rolled.pod_is("shipping-0", waiting("ImagePullBackOff"), (UNREADY,))
    rolled.available(0, unavailableReplicas=1)
    until(lambda: processes.found(*PLACES)[:1] == [(rolled.workload, "BadRollout")])

    rolled.roll_out()
    shop.replace("shipping")
    rolled.available(1, unavailableReplicas=0)


def test_a_node_that_is_not_ready(processes, shop):
    Shop(shop.writer, NAMESPACE).node_is({"type": "Ready", "status": "False"})
    until(lambda: processes.found(*PLACES)[:1] == [(f"Node:{shop.node}", "NotReady")])

    Shop(shop.writer, NAMESPACE).node_is(READY)
    until(lambda: not processes.found(*PLACES))


def test_a_container_at_its_processor_limit(processes, shop):
    shop.containers["cart"].limit(QUOTA)
    until(lambda: processes.found(*PLACES)[:1] == [(f"Container:{NAMESPACE}/cart-0/main", "CPUThrottled")])

    shop.containers["cart"].limit(-1)


def test_a_container_that_takes_what_others_need(processes, shop):
    Shop(shop.writer, NAMESPACE, "greedy").pod("greedy", requests={"cpu": "50m"})
    greedy = shop.container("greedy")
    try:
        for _ in range(os.cpu_count()):
            greedy.run(sys.executable, "-S", "-c", "while True: pass")
        until(lambda: processes.found(*PLACES)[:1] == [(f"Container:{NAMESPACE}/greedy/main", "NoisyNeighbour")])
    finally:
        greedy.remove()
