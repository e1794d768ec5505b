"""The node that the others of this folder need is one: it runs pods, which find services by name."""

import json
import os
from pathlib import Path

import pytest

from .cgroups import ControlGroup
from .containerd import PAUSE

pytestmark = pytest.mark.alone

ASKS = "getent hosts kubernetes.default.svc && exec 3<>/dev/tcp/kubernetes.default.svc/443 && echo connected"


def pod(name, *command):
    container = {"name": "main", "image": PAUSE, "imagePullPolicy": "Never", "command": command}
    spec = {"containers": [container], "restartPolicy": "Never", "terminationGracePeriodSeconds": 0}
    return json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec})


def log_of(kubectl, pod):
    """Nothing where the API server does not get through: its first connection to a kubelet may be cut."""
    try:
        return kubectl("logs", pod)
    except AssertionError:
        return ""


def test_a_pod_reaches_a_service_by_its_name(node, kubectl):
    node.until("the pod may be made", lambda: kubectl("get", "serviceaccounts", "-o", "json")["items"])
    kubectl("apply", "-f", "-", input=pod("asking", "bash", "-c", ASKS))

    node.until(
        "the pod is done", lambda: kubectl("get", "pod", "asking", "-o", "jsonpath={.status.phase}") == "Succeeded"
    )

    said = node.until("its log is read", lambda: log_of(kubectl, "asking"))
    address, _, rest = said.partition(" ")
    assert (address, rest.split()) == ("10.96.0.1", ["kubernetes.default.svc.cluster.local", "connected"])
    kubectl("delete", "pod", "asking")


def test_a_group_that_is_removed_leaves_no_process():
    group = ControlGroup(f"causely-test-{os.getpid()}")
    group.create()
    pid = os.posix_spawn("/bin/sh", ["sh", "-c", f"echo $$ > {group.system}/cgroup.procs; exec sleep 600"], os.environ)
    while str(pid) not in Path(group.system, "cgroup.procs").read_text().split():
        os.sched_yield()

    group.remove()

    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -9
    assert not group.system.exists()
