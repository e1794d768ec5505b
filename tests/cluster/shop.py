"""A shop of workloads in a namespace, written as objects and their status."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from urllib.error import HTTPError

from attrs import define

from causely_core.model import SystemClock

HASH = "5d4f"
"""Of each pod template."""
READY = {"type": "Ready", "status": "True"}
UNREADY = {"type": "Ready", "status": "False"}
PLACED = {"type": "PodScheduled", "status": "True"}


AHEAD = 120.0
"""Seconds that a watcher's clock is to be ahead, so that what is made now has had its time to start."""


class Ahead(SystemClock):
    def now(self):
        return super().now() + AHEAD


def now(ahead=0.0):
    time = datetime.now(UTC) + timedelta(seconds=ahead)
    return time.isoformat(timespec="seconds").replace("+00:00", "Z")


def running(restarts=0, **told):
    begun = {"running": {"startedAt": "2026-01-01T12:00:00Z"}}
    return {"ready": "state" not in told, "restartCount": restarts, "state": begun, **told}


def waiting(why, restarts=0, **ended):
    last = {"lastState": {"terminated": {"exitCode": 1, "finishedAt": now(), **ended}}} if ended else {}
    return running(restarts, state={"waiting": {"reason": why}}, **last)


@define
class Shop:
    """Writes the objects of a namespace with one workload, or of one workload of many.

    Attributes:
        name: of the Deployment and its Service.
    """

    writer: object
    namespace: str
    name: str = "cart"

    @property
    def core(self):
        return f"/api/v1/namespaces/{self.namespace}"

    @property
    def apps(self):
        return f"/apis/apps/v1/namespaces/{self.namespace}"

    @property
    def workload(self):
        return f"Workload:{self.namespace}/Deployment/{self.name}"

    @property
    def service(self):
        return f"Service:{self.namespace}/{self.name}"

    @property
    def node(self):
        return f"node-{self.namespace}"

    @property
    def image(self):
        return f"registry.example/{self.name}:1"

    def open(self, pods=2):
        """A node, a Deployment, its Service, and pods of it that are ready."""
        self.open_node()
        self.deploy(pods)

    def open_node(self):
        self.writer.create("/api/v1/nodes", {"metadata": {"name": self.node}})
        self.node_is(READY)

    def deploy(self, pods=2):
        """The Deployment, its Service, and pods of it that are ready."""
        selector = {"matchLabels": {"app": self.name}}
        spec = {"replicas": pods, "selector": selector, "template": self.template()}
        self.writer.create(f"{self.apps}/deployments", {"metadata": {"name": self.name}, "spec": spec})
        self.available(pods)
        service = {"selector": {"app": self.name}, "ports": [{"port": 80}]}
        self.writer.create(f"{self.core}/services", {"metadata": {"name": self.name}, "spec": service})
        for number in range(pods):
            self.pod(f"{self.name}-{number}")
        self.endpoints([f"{self.name}-{number}" for number in range(pods)])

    def close(self):
        """What is left of it would be seen by the tests that follow."""
        for path in (f"{self.apps}/deployments", f"{self.core}/pods", f"{self.core}/events"):
            self.writer.delete(path)
        with suppress(HTTPError):
            self.writer.delete(f"/api/v1/nodes/{self.node}")

    def endpoints(self, pods):
        targets = [{"kind": "Pod", "name": pod, "namespace": self.namespace} for pod in pods]
        body = {
            "metadata": {"name": f"{self.name}-1", "labels": {"kubernetes.io/service-name": self.name}},
            "addressType": "IPv4",
            "endpoints": [{"addresses": ["10.0.0.7"], "targetRef": target} for target in targets],
        }
        self.writer.create(f"/apis/discovery.k8s.io/v1/namespaces/{self.namespace}/endpointslices", body)

    def pod(self, name, container=None, conditions=(READY, PLACED), placed=True, requests=None, **status):
        owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": f"{self.name}-{HASH}", "uid": "u1"}
        labels = {"app": self.name, "pod-template-hash": HASH}
        wanted = {"resources": {"requests": requests}} if requests else {}
        spec = {
            "containers": [{"name": "main", "image": self.image, **wanted}],
            **({"nodeName": self.node} if placed else {}),
        }
        metadata = {"name": name, "labels": labels, "ownerReferences": [{**owner, "controller": True}]}
        self.writer.create(f"{self.core}/pods", {"metadata": metadata, "spec": spec})
        return self.pod_is(name, container or running(), conditions, **status)

    def pod_is(self, name, container, conditions=(READY, PLACED), **status):
        """Say as a kubelet how a pod is; returns the id of its container."""
        told = {"name": "main", "image": self.image, "imageID": "", **container}
        body = {"phase": "Running", "conditions": list(conditions), "containerStatuses": [told], **status}
        self.writer.patch(f"{self.core}/pods/{name}/status", {"status": body})
        return f"Container:{self.namespace}/{name}/main"

    def node_is(self, *conditions):
        self.writer.patch(f"/api/v1/nodes/{self.node}/status", {"status": {"conditions": list(conditions)}})

    def available(self, pods, **status):
        told = {"replicas": pods, "updatedReplicas": pods, "readyReplicas": pods, "availableReplicas": pods, **status}
        self.writer.patch(f"{self.apps}/deployments/{self.name}/status", {"status": told})

    def roll_out(self, **changed):
        self.writer.patch(f"{self.apps}/deployments/{self.name}", {"spec": {"template": self.template(**changed)}})

    def event(self, reason, pod, message, count, path="spec.containers{main}"):
        about = {"kind": "Pod", "namespace": self.namespace, "name": pod, "fieldPath": path}
        body = {"reason": reason, "message": message, "count": count, "type": "Warning", "involvedObject": about}
        times = {"firstTimestamp": "2026-01-01T12:00:00Z", "lastTimestamp": now(AHEAD)}
        path = f"{self.core}/events"
        name = f"{pod}.{reason}".lower()
        if count == 1:
            self.writer.create(path, {"metadata": {"name": name}, **body, **times})
        else:
            self.writer.patch(f"{path}/{name}", {"count": count, **times})

    def template(self, image=None, **annotations):
        metadata = {"labels": {"app": self.name}, "annotations": annotations}
        return {"metadata": metadata, "spec": {"containers": [{"name": "main", "image": image or self.image}]}}
