"""A control plane of Kubernetes: etcd, kube-apiserver and kube-controller-manager, with certificates of its own."""

import json
import shutil
import ssl
import subprocess
import time
import urllib.request
from pathlib import Path

import trustme
import yaml
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from causely_core.services.demo.stack import free_ports

SERVICE = "10.96.0.1"
"""Address of the Service ``kubernetes``, by which pods reach the API server."""
STARTS = 60.0
"""Seconds that a part may take to begin; it takes three to five."""


class ControlPlane:
    """Runs until :meth:`stop`; what it keeps is in ``folder``.

    Its API is on loopback unless another address of this machine is given, which pods reach too.
    """

    def __init__(self, program: Path, folder: Path, host="127.0.0.1"):
        self.program, self.folder, self.host = program, folder, host
        self._etcd_address, self._peers, api = free_ports(3)
        self._address = f"{host}:{api.rpartition(':')[2]}"
        self._authority = trustme.CA()
        self._processes: dict[str, subprocess.Popen] = {}
        self.url = f"https://{self._address}"
        self._certificates()
        self.kubeconfig()

    def start(self):
        self.start_etcd()
        self.start_api_server()

    def start_etcd(self):
        """Debian's etcd, which syncs nothing to the disk: tests keep nothing."""
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
        self._run("etcd", [shutil.which("etcd")], flags)

    def start_api_server(self):
        flags = {
            "etcd-servers": f"http://{self._etcd_address}",
            "bind-address": self.host,
            "advertise-address": self.host,
            "secure-port": self._address.rpartition(":")[2],
            "tls-cert-file": self.folder / "server.crt",
            "tls-private-key-file": self.folder / "server.key",
            "client-ca-file": self.folder / "ca.crt",
            "authorization-mode": "Node,RBAC",
            "allow-privileged": "true",
            # An endpoint may not be on loopback.
            "endpoint-reconciler-type": "none" if self.host == "127.0.0.1" else "lease",
            "service-account-issuer": "https://kubernetes.default.svc",
            "service-account-key-file": self.folder / "accounts.pub",
            "service-account-signing-key-file": self.folder / "accounts.key",
            "service-cluster-ip-range": "10.96.0.0/16",
            "kubelet-client-certificate": self.folder / "admin.crt",
            "kubelet-client-key": self.folder / "admin.key",
            "kubelet-preferred-address-types": "InternalIP",
        }
        self._run("kube-apiserver", [str(self.program), "kube-apiserver"], flags)
        self._until_ready()

    def start_controller_manager(self):
        flags = {
            "kubeconfig": self.kubeconfig(),
            "service-account-private-key-file": self.folder / "accounts.key",
            "root-ca-file": self.folder / "ca.crt",
            "leader-elect": "false",
            "secure-port": "0",
        }
        self._run("kube-controller-manager", [str(self.program), "kube-controller-manager"], flags)

    def restart_api_server(self):
        self._end("kube-apiserver")
        self.start_api_server()

    def stop(self):
        for name in list(self._processes)[::-1]:
            self._end(name)

    def compact(self):
        """Make etcd forget all versions but the newest: who watches from an older one is told that it is gone."""
        now = self._etcd("kv/range", {"key": "AA=="})["header"]["revision"]
        self._etcd("kv/compaction", {"revision": now, "physical": True})

    def kubeconfig(self, user="admin", group="system:masters"):
        """A file as kubectl has it, for a user with a certificate of its own."""
        path = self.folder / f"{user}.kubeconfig"
        cert = self._authority.issue_cert("user.example", common_name=user, organization_name=group)
        shown = dict(zip(("client-certificate", "client-key"), map(str, self._keep(user, cert)), strict=True))
        whole = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "test",
            "clusters": [
                {
                    "name": "test",
                    "cluster": {"server": self.url, "certificate-authority": str(self.folder / "ca.crt")},
                }
            ],
            "users": [{"name": user, "user": shown}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": user}}],
        }
        path.write_text(yaml.safe_dump(whole))
        return path

    def server_certificate(self, name, *hosts):
        """Files with the certificate and the key of a server with these names and addresses."""
        return self._keep(name, self._authority.issue_cert(*hosts))

    def _keep(self, name, issued):
        certificate, key = self.folder / f"{name}.crt", self.folder / f"{name}.key"
        certificate.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
        key.write_bytes(issued.private_key_pem.bytes())
        return certificate, key

    def _certificates(self):
        self._authority.cert_pem.write_to_path(self.folder / "ca.crt")
        self.server_certificate("server", self.host, "localhost", "kubernetes.default.svc", SERVICE)
        key = rsa.generate_private_key(65537, 2048)
        (self.folder / "accounts.key").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.TraditionalOpenSSL,
                serialization.NoEncryption(),
            )
        )
        (self.folder / "accounts.pub").write_bytes(
            key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        )

    def _run(self, name, command, flags):
        command = [*command, *(f"--{flag}={value}" for flag, value in flags.items())]
        with (self.folder / f"{name}.log").open("a") as log:
            self._processes[name] = subprocess.Popen(command, stdout=log, stderr=log)

    def _end(self, name):
        process = self._processes.pop(name, None)
        if process:
            process.kill()  # an API server that is asked to end waits a minute for those who watch
            process.wait(30)

    def _until_ready(self):
        deadline = time.monotonic() + STARTS
        while not self._ready():
            for name, process in self._processes.items():
                said = (self.folder / f"{name}.log").read_text()[-2000:]
                assert process.poll() is None, f"{name} has ended: {said}"
            assert time.monotonic() < deadline, "kube-apiserver does not become ready"
            time.sleep(0.1)

    def _ready(self):
        context = ssl.create_default_context(cafile=str(self.folder / "ca.crt"))
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2, context=context) as answer:
                return answer.status == 200
        except OSError:
            return False

    def _etcd(self, what, body):
        request = urllib.request.Request(
            f"http://{self._etcd_address}/v3/{what}", json.dumps(body).encode(), method="POST"
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)
