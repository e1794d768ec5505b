"""A control plane of Kubernetes on loopback: etcd and kube-apiserver, with certificates of its own."""

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

STARTS = 60.0
"""Seconds that a part may take to begin; it takes three to five."""


class ControlPlane:
    """Runs until :meth:`stop`; what it keeps is in ``folder``."""

    def __init__(self, program: Path, folder: Path):
        self.program, self.folder = program, folder
        self._etcd_address, self._peers, self._address = free_ports(3)
        self._authority = trustme.CA()
        self._processes: dict[str, subprocess.Popen] = {}
        self.url = f"https://{self._address}"
        self._certificates()

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
            "bind-address": "127.0.0.1",
            "advertise-address": "127.0.0.1",
            "secure-port": self._address.rpartition(":")[2],
            "tls-cert-file": self.folder / "server.crt",
            "tls-private-key-file": self.folder / "server.key",
            "client-ca-file": self.folder / "ca.crt",
            "authorization-mode": "Node,RBAC",
            "allow-privileged": "true",
            "endpoint-reconciler-type": "none",
            "service-account-issuer": "https://kubernetes.default.svc",
            "service-account-key-file": self.folder / "accounts.pub",
            "service-account-signing-key-file": self.folder / "accounts.key",
            "service-cluster-ip-range": "10.96.0.0/16",
        }
        self._run("kube-apiserver", [str(self.program), "kube-apiserver"], flags)
        self._until_ready()

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
        cert = self._authority.issue_cert(f"{user}.example", common_name=user, organization_name=group)
        (self.folder / f"{user}.crt").write_bytes(b"".join(blob.bytes() for blob in cert.cert_chain_pems))
        (self.folder / f"{user}.key").write_bytes(cert.private_key_pem.bytes())
        shown = {
            f"client-{what}": str(self.folder / f"{user}.{end}")
            for what, end in (("certificate", "crt"), ("key", "key"))
        }
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

    def _certificates(self):
        self._authority.cert_pem.write_to_path(self.folder / "ca.crt")
        server = self._authority.issue_cert("127.0.0.1", "localhost", "kubernetes.default.svc")
        server.private_key_pem.write_to_path(self.folder / "server.key")
        (self.folder / "server.crt").write_bytes(b"".join(blob.bytes() for blob in server.cert_chain_pems))
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
