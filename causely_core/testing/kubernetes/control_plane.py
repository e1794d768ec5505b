"""A control plane of Kubernetes: etcd, kube-apiserver and, where it is wanted, kube-controller-manager."""

from __future__ import annotations

import ssl
import time
from pathlib import Path
from typing import Any

import httpx
import yaml

from causely_core.services.demo.stack import free_ports
from causely_core.testing.fix import fix
from causely_core.testing.kubernetes.binaries import Binaries
from causely_core.testing.kubernetes.certificates import ADMINISTRATORS, Certificates
from causely_core.testing.kubernetes.processes import Processes

SERVICE = "10.96.0.1"
"""Address of the Service ``kubernetes``, by which pods reach the API server."""
LOOPBACK = "127.0.0.1"
STARTS = 60.0
"""Seconds that a part may take to begin; it takes three to five."""


class ControlPlane:
    """Runs from :meth:`start` to :meth:`stop`.

    Attributes:
        folder: of all that it keeps.
        host: the address of its API: loopback, unless another of this machine is given, which pods reach too.
        url: of its API.
        ca: file with the certificate that all others are signed with.
        token: a bearer token of an administrator.
    """

    def __init__(self, binaries: Binaries, folder: Path, host: str = LOOPBACK) -> None:
        self.binaries, self.folder, self.host = binaries, folder, host
        self._etcd_address, self._peers, api = free_ports(3)
        self._port = api.rpartition(":")[2]
        self._certificates = Certificates(folder)
        self._processes = Processes(folder)
        self.url = f"https://{host}:{self._port}"
        self.ca = folder / "ca.crt"
        self.token = self._certificates.token
        self.server_certificate("server", host, "localhost", "kubernetes.default.svc", SERVICE)
        self.kubeconfig()

    def start(self) -> None:
        """Start the store and the API server; they are ready afterwards."""
        self.start_etcd()
        self.start_api_server()

    def start_etcd(self) -> None:
        """Start the store, which syncs nothing to the disk: tests keep nothing."""
        clients, peers = f"http://{self._etcd_address}", f"http://{self._peers}"
        flags = {
            "data-dir": self.folder / "etcd",
            "listen-client-urls": clients,
            "advertise-client-urls": clients,
            "listen-peer-urls": peers,
            "initial-advertise-peer-urls": peers,
            "initial-cluster": f"default={peers}",
            "log-level": "error",
            "unsafe-no-fsync": "true",
        }
        self._run("etcd", self.binaries.etcd, flags)

    def start_api_server(self) -> None:
        """Start it, and wait until it is ready."""
        flags = {
            "etcd-servers": f"http://{self._etcd_address}",
            "bind-address": self.host,
            "advertise-address": self.host,
            "secure-port": self._port,
            "tls-cert-file": self.folder / "server.crt",
            "tls-private-key-file": self.folder / "server.key",
            "client-ca-file": self.ca,
            "token-auth-file": self.folder / "tokens.csv",
            "authorization-mode": "Node,RBAC",
            "allow-privileged": "true",
            # An endpoint may not be on loopback.
            "endpoint-reconciler-type": "none" if self.host == LOOPBACK else "lease",
            "service-account-issuer": "https://kubernetes.default.svc",
            "service-account-key-file": self.folder / "accounts.pub",
            "service-account-signing-key-file": self.folder / "accounts.key",
            "service-cluster-ip-range": "10.96.0.0/16",
            "kubelet-client-certificate": self.folder / "admin.crt",
            "kubelet-client-key": self.folder / "admin.key",
            "kubelet-preferred-address-types": "InternalIP",
        }
        self._run("kube-apiserver", self.binaries.api_server, flags)
        self._until_ready()

    def start_controller_manager(self) -> None:
        """Start it; what it makes comes a little later."""
        flags = {
            "kubeconfig": self.kubeconfig(),
            "service-account-private-key-file": self.folder / "accounts.key",
            "root-ca-file": self.ca,
            "leader-elect": "false",
            "secure-port": "0",
        }
        self._run("kube-controller-manager", self.binaries.controller_manager, flags)

    def restart_api_server(self) -> None:
        """End it at once, which breaks all connections, and start it again."""
        self._processes.end("kube-apiserver")
        self.start_api_server()

    def stop(self) -> None:
        """End all parts."""
        self._processes.end_all()

    def compact(self) -> None:
        """Make etcd forget all versions but the newest: who watches from an older one is told that it is gone."""
        now = self._etcd("kv/range", {"key": "AA=="})["header"]["revision"]
        self._etcd("kv/compaction", {"revision": now, "physical": True})

    def kubeconfig(self, user: str = "admin", group: str = ADMINISTRATORS) -> Path:
        """A file as kubectl has it, for a user with a certificate of its own."""
        path, (certificate, key) = self.folder / f"{user}.kubeconfig", self._certificates.client(user, group)
        shown = {"client-certificate": str(certificate), "client-key": str(key)}
        cluster = {"server": self.url, "certificate-authority": str(self.ca)}
        whole = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "test",
            "clusters": [{"name": "test", "cluster": cluster}],
            "users": [{"name": user, "user": shown}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": user}}],
        }
        path.write_text(yaml.safe_dump(whole))
        return path

    def server_certificate(self, name: str, *hosts: str) -> tuple[Path, Path]:
        """Files with the certificate and the key of a server with these names and addresses."""
        return self._certificates.server(name, *hosts)

    def tls(self) -> ssl.SSLContext:
        """Trusts the API, and nothing else."""
        return ssl.create_default_context(cafile=str(self.ca))

    def _run(self, name: str, command: tuple[str, ...], flags: dict[str, Any]) -> None:
        self._processes.start(name, command, flags)

    def _until_ready(self) -> None:
        deadline = time.monotonic() + STARTS
        while not self._ready():
            self._processes.require_all()
            if time.monotonic() > deadline:
                fix(f"kube-apiserver is not ready after {STARTS:g} s", f"see the logs in {self.folder}")
            time.sleep(0.1)

    def _ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=2, verify=self.tls(), trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    def _etcd(self, what: str, body: dict[str, Any]) -> Any:
        answer = httpx.post(f"http://{self._etcd_address}/v3/{what}", json=body, timeout=10, trust_env=False)
        return answer.raise_for_status().json()
