"""A cluster of one node, by its kubelet and by kube-state-metrics."""

import json
import re
import sys
import time
from contextlib import contextmanager
from os import environ
from pathlib import Path

from running import free_port, run, running, text_at, until

ROOT = Path(__file__).parents[4]
sys.path.insert(0, str(ROOT))

from tests.charts.conftest import tool  # noqa: E402
from tests.cluster.e2e.containerd import PAUSE  # noqa: E402
from tests.cluster.e2e.images import LAYOUT  # noqa: E402
from tests.cluster.e2e.node import NAME, Node  # noqa: E402

BUSY = "while true; do head -c 20000000 /dev/urandom > /data/file; done"
CLAIM = "data-cart-0"
OTHERS = re.compile(r'namespace="(kube-.*|default)?"|container="POD"|id="/"')
TIME = re.compile(r"(?<=\d) \d{13}$")


class WatchedNode(Node):
    """One whose kubelet knows where containerd is that it is to count by, too."""

    def _run(self, part, flags):
        super()._run(part, {**flags, "containerd": self.containerd.socket} if part == "kubelet" else flags)


@contextmanager
def cluster(folder):
    """It, and what asks it."""
    node, program = WatchedNode(folder), tool("kubectl", "--kept")

    def ask(*words, **more):
        return run(program, f"--kubeconfig={node.kubeconfig}", *words, **more)

    try:
        node.start(LAYOUT)
        ask("apply", "-f", "-", input=json.dumps({"apiVersion": "v1", "kind": "List", "items": list(_objects())}))
        available = ("get", "-n", "shop", "deployment", "cart", "-o", "jsonpath={.status.availableReplicas}")
        until(lambda: ask(*available) == "2")
        yield node, ask
    finally:
        node.stop()


@contextmanager
def cadvisor(folder):
    """A kubelet's containers, two of which want more of the processor than they may have."""
    with cluster(folder) as (_, ask):

        def read():
            served = f"/api/v1/nodes/{NAME}/proxy/metrics"
            return _ours(ask("get", "--raw", f"{served}/cadvisor") + ask("get", "--raw", served))

        until(lambda: 'throttled_periods_total{container="app"' in read())
        yield read, time.sleep


@contextmanager
def kube_state_metrics(folder):
    """A cluster with a deployment, a stateful set whose container ends again and again, a job and a claim."""
    with cluster(folder) as (node, _):
        exporter, own = free_port(), free_port()
        flags = (f"--kubeconfig={node.kubeconfig}", "--host=127.0.0.1", f"--port={exporter}")
        own_flags = ("--telemetry-host=127.0.0.1", f"--telemetry-port={own}")
        with running(environ["KUBE_STATE_METRICS"], *flags, *own_flags, folder=folder):
            read = text_at(f"http://127.0.0.1:{exporter}/metrics")
            until(lambda: 'reason="CrashLoopBackOff"' in read())
            yield lambda: _ours(read()), time.sleep


def _ours(text):
    """Without what every cluster has, and without times."""
    return "\n".join(TIME.sub("", line) for line in text.splitlines() if not OTHERS.search(line))


def _objects():
    yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
    limits = {"cpu": "100m", "memory": "64Mi"}
    volume = {"name": "data", "persistentVolumeClaim": {"claimName": CLAIM}}
    mount = {"name": "data", "mountPath": "/data"}
    app = {"name": "app", "image": PAUSE, "imagePullPolicy": "Never"}
    busy = {**app, "command": ["bash", "-c", BUSY], "resources": {"limits": limits}, "volumeMounts": [mount]}
    yield _workload("Deployment", "cart", {"containers": [busy], "volumes": [volume]}, replicas=2)
    ends = {**app, "command": ["bash", "-c", "exit 1"]}
    yield _workload("StatefulSet", "db", {"containers": [ends]}, serviceName="db")
    yield _workload("DaemonSet", "logs", {"containers": [{**app, "command": ["sleep", "infinity"]}]})
    spec = {"containers": [{**app, "command": ["true"]}], "restartPolicy": "Never"}
    yield {"apiVersion": "batch/v1", "kind": "Job", **_named("done"), "spec": {"template": {"spec": spec}}}
    yield {"apiVersion": "v1", "kind": "ResourceQuota", **_named("quota"), "spec": {"hard": {"pods": "8"}}}
    size, modes = {"storage": "100Mi"}, ["ReadWriteOnce"]
    here = [{"matchExpressions": [{"key": "kubernetes.io/hostname", "operator": "In", "values": [NAME]}]}]
    place = {"local": {"path": "/tmp"}, "nodeAffinity": {"required": {"nodeSelectorTerms": here}}}
    claim = {"name": CLAIM, "namespace": "shop"}
    spec = {"capacity": size, "accessModes": modes, "storageClassName": "local", "claimRef": claim, **place}
    yield {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "pv-1"}, "spec": spec}
    spec = {"accessModes": modes, "storageClassName": "local", "resources": {"requests": size}, "volumeName": "pv-1"}
    yield {"apiVersion": "v1", "kind": "PersistentVolumeClaim", **_named(CLAIM), "spec": spec}


def _named(name):
    return {"metadata": {"name": name, "namespace": "shop"}}


def _workload(kind, name, spec, **more):
    labels = {"app": name}
    template = {"metadata": {"labels": labels}, "spec": {**spec, "terminationGracePeriodSeconds": 0}}
    whole = {"selector": {"matchLabels": labels}, "template": template, **more}
    return {"apiVersion": "apps/v1", "kind": kind, **_named(name), "spec": whole}


CLUSTERS = {"cadvisor": cadvisor, "kube-state-metrics": kube_state_metrics}
