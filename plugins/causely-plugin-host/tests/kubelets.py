"""A kubelet on loopback that speaks HTTPS, checks the token and tells what a test lets it tell.

It is its own API server: its pods can be listed and watched.
"""

from __future__ import annotations

import json
import ssl
import threading
import time
import urllib.parse
import zlib
from collections import Counter
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import trustme
from attrs import define, field

GIB = 2**30
PODS = "/api/v1/pods"
TOKEN = "let-me-in"


@define
class Node:
    """What runs on a node; :meth:`pages` gives the kubelet's pages of it.

    Attributes:
        pods: as the API tells them.
        summaries: the pods of ``/stats/summary``.
        lines: of ``/metrics/cadvisor``.
    """

    capacity: int = 100 * GIB
    pods: list = field(factory=list)
    summaries: list = field(factory=list)
    lines: list = field(factory=list)

    def pod(self, name, uid, containers, limits=None, claims=(), running=True, **spec):
        """A pod by its containers' names and ids."""
        state = {"running": {"startedAt": "2026-01-01T00:00:00Z"}} if running else {"waiting": {"reason": "Error"}}
        mounts = [{"name": claim, "mountPath": f"/{claim}"} for claim in claims]
        about = {"name": name, "namespace": "shop", "uid": uid}
        self.pods.append(
            {
                "metadata": about,
                "spec": {
                    "containers": [
                        {"name": each, "resources": {"limits": limits or {}}, "volumeMounts": mounts}
                        for each in containers
                    ],
                    "volumes": [
                        {"name": claim, "persistentVolumeClaim": {"claimName": f"{claim}-{name}"}} for claim in claims
                    ],
                    **spec,
                },
                "status": {
                    "containerStatuses": [
                        {"name": each, "containerID": f"containerd://{id}", "restartCount": 0, "state": state}
                        for each, id in containers.items()
                    ]
                },
            }
        )

    def stores(self, name, uid, used, ephemeral=0, claims=()):
        """What a pod stores: each container's own layer and logs, all together, and volumes with their claims."""
        self.summaries.append(
            {
                "podRef": {"name": name, "namespace": "shop", "uid": uid},
                "ephemeral-storage": {"usedBytes": ephemeral, "capacityBytes": self.capacity},
                "containers": [
                    {"name": each, "rootfs": {"usedBytes": layer}, "logs": {"usedBytes": logs}}
                    for each, (layer, logs) in used.items()
                ],
                "volume": [
                    {"name": "kube-api-access", "capacityBytes": GIB, "availableBytes": GIB, "usedBytes": 0},
                    *(
                        {"name": "data", "pvcRef": {"name": claim, "namespace": "shop"}, **told}
                        for claim, told in claims
                    ),
                ],
            }
        )

    def tells(self, name, value, pod, container="", seconds=0.0, **labels):
        """A sample of cAdvisor's, measured so many seconds after 1000."""
        shown = {"container": container, "id": f"/kubepods/{pod}", "namespace": "shop", "pod": pod} | labels
        told = ",".join(f'{key}="{text}"' for key, text in sorted(shown.items()))
        self.lines.append(f"{name}{{{told}}} {value} {int((1000 + seconds) * 1000)}")

    def pages(self):
        node = {"nodeName": "vm", "fs": file_system(self.capacity, 0.25), "runtime": {}}
        node["runtime"]["imageFs"] = node["fs"] | {"usedBytes": 5}
        return {
            PODS: json.dumps(self.pods).encode(),
            "/stats/summary": json.dumps({"node": node, "pods": self.summaries}).encode(),
            "/metrics/cadvisor": "".join(f"{line}\n" for line in ["# TYPE x counter", *self.lines]).encode(),
        }


def file_system(capacity, taken, inodes=1000, inodes_taken=0.1):
    """An ``FsStats`` of which so much is taken."""
    return {
        "capacityBytes": capacity,
        "availableBytes": int(capacity * (1 - taken)),
        "usedBytes": int(capacity * taken),
        "inodes": inodes,
        "inodesFree": int(inodes * (1 - inodes_taken)),
        "inodesUsed": int(inodes * inodes_taken),
    }


class Answers(BaseHTTPRequestHandler):
    """``GET`` for who has the token."""

    def do_GET(self):
        kubelet = self.server.kubelet
        if self.path.startswith(PODS):
            self.tell_pods(dict(urllib.parse.parse_qsl(self.path.partition("?")[2])))
            return
        kubelet.asked[self.path] += 1
        allowed = self.headers["Authorization"] == f"Bearer {TOKEN}"
        status = kubelet.statuses.get(self.path, 200) if allowed else 401
        body = kubelet.pages.get(self.path, b"404 page not found") if status == 200 else b"Forbidden"
        self.send_response(status if status != 200 or self.path in kubelet.pages else 404)
        self.send_header("Content-Length", str(len(body) + kubelet.withheld.get(self.path, 0)))
        self.end_headers()
        self.wfile.write(body)

    def tell_pods(self, asked):
        """All there are; who watches is told, once there are others, to list them anew."""
        pages, began = self.server.kubelet.pages, time.monotonic()
        self.send_response(200)
        self.end_headers()
        while "watch" in asked and version(pages) == asked["resourceVersion"] and time.monotonic() - began < 60:
            time.sleep(0.01)
        told = {"metadata": {"resourceVersion": version(pages)}, "items": json.loads(pages.get(PODS, b"[]"))}
        gone = {"type": "ERROR", "object": {"message": "too old resource version", "code": 410}}
        with suppress(OSError):  # who watched may be gone by now
            self.wfile.write(json.dumps(gone if "watch" in asked else told).encode() + b"\n")

    def log_message(self, *_): ...


def version(pages):
    return str(zlib.crc32(pages.get(PODS, b"[]")))


@define
class Kubelet:
    """A running one.

    Attributes:
        pages: bodies by path.
        statuses: other answers than 200, by path.
        withheld: bytes that a page promises and does not send.
        asked: how often each path was asked for.
    """

    port: int
    folder: object
    pages: dict = field(factory=dict)
    statuses: dict = field(factory=dict)
    withheld: dict = field(factory=dict)
    asked: Counter = field(factory=Counter)

    @property
    def settings(self):
        """Of the plugin, that reach it."""
        return {
            "api_url": f"https://127.0.0.1:{self.port}",
            "api_account": str(self.folder),
            "kubelet_url": f"https://127.0.0.1:{self.port}",
            "kubelet_token": str(self.folder / "token"),
            "kubelet_authority": str(self.folder / "ca.crt"),
        }


@contextmanager
def running(folder):
    """A kubelet, whose authority's certificate is in ``folder``."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.crt")
    (folder / "token").write_text(f"{TOKEN}\n")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.kubelet = Kubelet(server.server_port, folder)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.kubelet
        server.shutdown()
        thread.join()
