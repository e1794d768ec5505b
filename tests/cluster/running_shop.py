"""The example shop on one node: its pods are objects, and in the control groups of their containers it runs."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

from attrs import define, field

from causely_core.services.demo.stack import free_ports

from .containers import Container
from .shop import Shop, running

FOLDER = Path(__file__).parents[2] / "examples" / "shop"
SERVICES = sorted(path.stem for path in (FOLDER / "shop" / "services").glob("[!_]*.py"))
RATE = 12
"""Requests per second of all users."""
INTERVALS = ("OTEL_METRIC_EXPORT_INTERVAL", "OTEL_BSP_SCHEDULE_DELAY", "OTEL_BLRP_SCHEDULE_DELAY")


@define
class RunningShop:
    """Each service is a workload with one pod and a process in it.

    Attributes:
        otlp: where it exports to.
        folder: for its files and logs.
        workloads: by the name of the service.
        pods: names, likewise.
        containers: likewise.
    """

    writer: object
    namespace: str
    otlp: str
    folder: Path
    workloads: dict = field(factory=dict, init=False)
    pods: dict = field(factory=dict, init=False)
    containers: dict = field(factory=dict, init=False)
    _ports: dict = field(init=False)

    def __attrs_post_init__(self):
        ports = [int(address.rpartition(":")[2]) for address in free_ports(len(SERVICES))]
        self._ports = dict(zip(SERVICES, ports, strict=True))

    @property
    def node(self):
        return f"node-{self.namespace}"

    def open(self):
        """Write its objects and start its processes."""
        Shop(self.writer, self.namespace).open_node()
        for name in SERVICES:
            self.workloads[name] = Shop(self.writer, self.namespace, name)
            self.workloads[name].deploy(pods=1)
            self._in_pod(name, f"{name}-0")
        self._run(*SERVICES)

    def container(self, pod):
        """Of a pod that is there; says that it runs, and nothing runs in it yet."""
        uid = self.writer.get(f"/api/v1/namespaces/{self.namespace}/pods/{pod}")["metadata"]["uid"]
        container = Container(uid, hashlib.sha256(uid.encode()).hexdigest())
        Shop(self.writer, self.namespace).pod_is(pod, running(containerID=f"containerd://{container.id}"))
        return container

    def replace(self, name):
        """Put a new pod, that is well, in place of the one of a service."""
        workload, former = self.workloads[name], self.pods[name]
        self.containers[name].remove()
        self.writer.delete(f"{workload.core}/pods/{former}")
        number = int(former.rpartition("-")[2]) + 1
        workload.pod(f"{name}-{number}")
        self._in_pod(name, f"{name}-{number}")
        self._run(name)

    def _in_pod(self, name, pod):
        self.pods[name], self.containers[name] = pod, self.container(pod)

    def _run(self, *names):
        started = {name: self._start(name) for name in names}
        for name, process in started.items():
            assert process.stdout.readline() == '"ready"\n', (self.folder / f"{name}.log").read_text()
        if users := started.get("users"):
            users.stdin.write("start\n")
            users.stdin.flush()

    def close(self):
        for container in self.containers.values():
            container.remove()

    def _start(self, name):
        command = (sys.executable, "-m", f"shop.services.{name}")
        with (self.folder / f"{name}.log").open("a") as log:
            return self.containers[name].run(
                *command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env={**os.environ, **self._environment(name)},
            )

    def _environment(self, name):
        settings = {"name": name, "ports": self._ports, "database": "sqlite", "data_dir": str(self.folder)}
        settings |= {"rate": RATE, "queue_key": "of-a-test"}
        place = {"k8s.namespace.name": self.namespace, "k8s.pod.name": self.pods[name], "k8s.container.name": "main"}
        return {
            "PYTHONPATH": str(FOLDER),
            "SHOP_SETTINGS": json.dumps(settings),
            "OTEL_SERVICE_NAME": name,
            "OTEL_EXPORTER_OTLP_ENDPOINT": self.otlp,
            "OTEL_RESOURCE_ATTRIBUTES": ",".join(f"{key}={value}" for key, value in place.items()),
            **dict.fromkeys(INTERVALS, "1000"),
        }
