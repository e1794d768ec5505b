"""Pods of workloads whose Services have other names, a mediator that watches them, and an agent's machine below it."""

import structlog
from attrs import define, evolve, field
from causely_plugin_kubernetes import KubernetesPlugin
from causely_plugin_otlp import OtlpPlugin
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.metrics import NoOpMeter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.trace import NoOpTracer, SpanKind

from causely_core.host import Machine, pod_info
from causely_core.model import Entity, Relation, SystemClock, TopologyDelta
from causely_core.plugins import PluginManager
from causely_core.services.mediator.config import MediatorConfig
from causely_core.services.mediator.service import Mediator
from causely_core.timeseries.open_store import open_store
from causely_core.wire import Update
from causely_core.wire.cursor import Sender

IMAGE = "registry.example/part:1"
AGENT = Sender("agent/n1", "e1", "1.0", "shop")


def mediator(folder, port, kubeconfig, otlp):
    """One that watches a cluster and receives OTLP at ``otlp``; not started."""
    sections = {
        "kubernetes": {"kubeconfig": str(kubeconfig), "flush_interval": 0.05},
        "otlp": {"grpc_endpoint": otlp, "http_endpoint": "127.0.0.1:0", "flush_interval": 0.2, "pairing_wait": 0.5},
    }
    logger, clock, meter = structlog.get_logger(), SystemClock(), NoOpMeter("test")
    manager = PluginManager("mediator", clock, logger, meter, folder, sections)
    manager.register("kubernetes", KubernetesPlugin)
    manager.register("otlp", OtlpPlugin)
    settings = MediatorConfig(analyzer=f"127.0.0.1:{port}", agents_listen="127.0.0.1:0", detection_interval=0.2)
    return Mediator(settings, manager, clock, logger, meter, NoOpTracer(), open_store(None), folder)


def export(endpoint, resource, *calls):
    """Export by OpenTelemetry's SDK: a request that was served, and one to each address of ``calls``."""
    exporter = OTLPSpanExporter(endpoint=f"http://{endpoint}", insecure=True, timeout=20)
    provider = TracerProvider(resource=Resource(resource), shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracer = provider.get_tracer("t")
    tracer.start_span("GET", kind=SpanKind.SERVER).end()
    for host in calls:
        tracer.start_span("GET", kind=SpanKind.CLIENT, attributes={"server.address": host, "server.port": 80}).end()
    provider.shutdown()


@define
class Part:
    """One part of a shop: a Deployment ``<name>-deploy``, a pod of it, and a Service ``<name>-svc``."""

    writer: object
    namespace: str
    name: str
    ip: str
    id: str
    uid: str = field(default="", init=False)

    @property
    def service(self):
        return f"Service:{self.namespace}/{self.name}-deploy"

    @property
    def pod(self):
        return f"{self.name}-deploy-5d4f-x"

    @property
    def container(self):
        return f"Container:{self.namespace}/{self.pod}/main"

    @property
    def core(self):
        return f"/api/v1/namespaces/{self.namespace}"

    def deploy(self):
        template = {
            "metadata": {"labels": {"app": self.name}},
            "spec": {"containers": [{"name": "main", "image": IMAGE}]},
        }
        spec = {"selector": {"matchLabels": {"app": self.name}}, "template": template}
        path = f"/apis/apps/v1/namespaces/{self.namespace}/deployments"
        self.writer.create(path, {"metadata": {"name": f"{self.name}-deploy"}, "spec": spec})

    def expose(self):
        """The address of its Service in the cluster."""
        spec = {"selector": {"app": self.name}, "ports": [{"port": 80}]}
        body = {"metadata": {"name": f"{self.name}-svc"}, "spec": spec}
        return self.writer.create(f"{self.core}/services", body)["spec"]["clusterIP"]

    def start(self):
        """A pod, as the kubelet tells of it once it runs; the object."""
        owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": f"{self.name}-deploy-5d4f", "uid": "1"}
        labels = {"app": self.name, "pod-template-hash": "5d4f"}
        about = {"name": self.pod, "labels": labels, "ownerReferences": [{**owner, "controller": True}]}
        spec = {"nodeName": "n1", "containers": [{"name": "main", "image": IMAGE}]}
        self.uid = self.writer.create(f"{self.core}/pods", {"metadata": about, "spec": spec})["metadata"]["uid"]
        told = {"name": "main", "containerID": f"containerd://{self.id}", "image": IMAGE, "imageID": "", "ready": True}
        containers = [{**told, "restartCount": 0, "state": {"running": {}}}]
        status = {"phase": "Running", "podIP": self.ip, "podIPs": [{"ip": self.ip}], "containerStatuses": containers}
        return self.writer.patch(f"{self.core}/pods/{self.pod}/status", {"status": status})


@define
class Pods:
    """What an agent that watches the pods of its node knows."""

    objects: list
    awaited: bool = True

    def by_uid(self, uid):
        return next((pod for pod in map(pod_info, self.objects) if pod.uid == uid), None)

    def by_container(self, id):
        return next((pod.containers[id] for pod in map(pod_info, self.objects) if id in pod.containers), None)


def seen_by_an_agent(tree, objects, callee):
    """What the agent tells that sees a process of the first pod connect to ``callee``."""
    machine = Machine.of(tree.root, "n1", Pods(objects))
    owners = []
    for pid, pod in enumerate(objects, 5):
        (status,) = pod["status"]["containerStatuses"]
        group = f"0::/kubepods/pod{pod['metadata']['uid']}/{status['containerID'].rpartition('://')[2]}"
        tree.process(pid, "/app/part", cgroup=group)
        owners.append(machine.owners.of(pid))
    entities = {entity.id: entity for owner in owners for entity in owner.entities}
    remote = Entity.of("ExternalService", callee)
    caller = entities[owners[0].service]
    asked = Entity.of("Dependency", f"{caller.id.partition(':')[2]} > {remote.id}", f"{caller.name} > {callee}")
    calls = [Relation(caller.id, "calls", remote.id), Relation(asked.id, "calls", remote.id)]
    relations = [relation for owner in owners for relation in owner.relations]
    relations += [*calls, Relation(asked.id, "part_of", caller.id)]
    return TopologyDelta("agent/n1/ebpf", 1, (*entities.values(), remote, asked), tuple(relations), snapshot=True)


async def forward(mediator, delta, number=1):
    """Tell the mediator what an agent tells."""
    await mediator.agents.apply(AGENT, [Update(number, 0.0, evolve(delta, version=number))])
