"""A shop of one workload in a namespace, written as objects and their status; nothing of it runs."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from urllib.error import HTTPError

from attrs import define

from causely_core.model import SystemClock

IMAGE = "registry.example/cart:1"
LABELS = {"app": "cart", "pod-template-hash": "5d4f"}
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


def running(restarts=0, **state):
    begun = {"running": {"startedAt": "2026-01-01T12:00:00Z"}}
    return {"ready": not state, "restartCount": restarts, "state": begun, **state}


def waiting(why, restarts=0, **ended):
    last = {"lastState": {"terminated": {"exitCode": 1, "finishedAt": now(), **ended}}} if ended else {}
    return running(restarts, state={"waiting": {"reason": why}}, **last)


@define
class Shop:
    """Writes the objects of a namespace."""

    writer: object
    namespace: str

    @property
    def core(self):
        return f"/api/v1/namespaces/{self.namespace}"

    @property
    def apps(self):
        return f"/apis/apps/v1/namespaces/{self.namespace}"

    @property
    def workload(self):
        return f"Workload:{self.namespace}/Deployment/cart"

    @property
    def service(self):
        return f"Service:{self.namespace}/cart"

    @property
    def node(self):
        return f"node-{self.namespace}"

    def open(self, pods=2):
        """A node, a Deployment, its Service, and pods of it that are ready."""
        self.writer.create("/api/v1/nodes", {"metadata": {"name": self.node}})
        self.node_is(READY)
        spec = {"replicas": pods, "selector": {"matchLabels": {"app": "cart"}}, "template": template()}
        self.writer.create(f"{self.apps}/deployments", {"metadata": {"name": "cart"}, "spec": spec})
        self.available(pods)
        service = {"selector": {"app": "cart"}, "ports": [{"port": 80}]}
        self.writer.create(f"{self.core}/services", {"metadata": {"name": "cart"}, "spec": service})
        for number in range(pods):
            self.pod(f"cart-{number}")
        self.endpoints([f"cart-{number}" for number in range(pods)])

    def close(self):
        """What is left of it would be seen by the tests that follow."""
        for path in (f"{self.apps}/deployments", f"{self.core}/pods", f"{self.core}/events"):
            self.writer.delete(path)
        with suppress(HTTPError):
            self.writer.delete(f"/api/v1/nodes/{self.node}")

    def endpoints(self, pods):
        targets = [{"kind": "Pod", "name": pod, "namespace": self.namespace} for pod in pods]
        body = {
            "metadata": {"name": "cart-1", "labels": {"kubernetes.io/service-name": "cart"}},
            "addressType": "IPv4",
            "endpoints": [{"addresses": ["10.0.0.7"], "targetRef": target} for target in targets],
        }
        self.writer.create(f"/apis/discovery.k8s.io/v1/namespaces/{self.namespace}/endpointslices", body)

    def pod(self, name, container=None, conditions=(READY, PLACED), placed=True, requests=None, **status):
        owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "cart-5d4f", "uid": "u1", "controller": True}
        wanted = {"resources": {"requests": requests}} if requests else {}
        spec = {
            "containers": [{"name": "main", "image": IMAGE, **wanted}],
            **({"nodeName": self.node} if placed else {}),
        }
        self.writer.create(
            f"{self.core}/pods",
            {"metadata": {"name": name, "labels": LABELS, "ownerReferences": [owner]}, "spec": spec},
        )
        return self.pod_is(name, container or running(), conditions, **status)

    def pod_is(self, name, container, conditions=(READY, PLACED), **status):
        """Say as a kubelet how a pod is; returns the id of its container."""
        told = {"name": "main", "image": IMAGE, "imageID": "", **container}
        body = {"phase": "Running", "conditions": list(conditions), "containerStatuses": [told], **status}
        self.writer.patch(f"{self.core}/pods/{name}/status", {"status": body})
        return f"Container:{self.namespace}/{name}/main"

    def node_is(self, *conditions):
        self.writer.patch(f"/api/v1/nodes/{self.node}/status", {"status": {"conditions": list(conditions)}})

    def available(self, pods, **status):
        told = {"replicas": pods, "updatedReplicas": pods, "readyReplicas": pods, "availableReplicas": pods, **status}
        self.writer.patch(f"{self.apps}/deployments/cart/status", {"status": told})

    def roll_out(self, **changed):
        self.writer.patch(f"{self.apps}/deployments/cart", {"spec": {"template": template(**changed)}})

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


def template(image=IMAGE, **annotations):
    metadata = {"labels": {"app": "cart"}, "annotations": annotations}
    return {"metadata": metadata, "spec": {"containers": [{"name": "main", "image": image}]}}
