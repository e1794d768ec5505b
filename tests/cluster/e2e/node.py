"""A cluster of one node: a control plane outside, and on a machine of its own containerd, kubelet, proxy and names."""

import json
import time

from causely_core.testing.kubernetes.binaries import Binaries

from ..build import program
from .containerd import Containerd
from .control_plane import NodeControlPlane
from .machine import NODE, OUTSIDE, PODS, Machine

NAME = "node-1"
STARTS = 60.0

NAMES = """
.:53 {{
  bind {node}
  errors
  kubernetes cluster.local in-addr.arpa {{
    kubeconfig {kubeconfig}
  }}
}}
"""


class Node:
    """Up between :meth:`start` and :meth:`stop`; what it keeps is in ``folder``."""

    def __init__(self, folder):
        self.folder = folder
        self.machine = Machine(folder)
        self.containerd = Containerd(self.machine)
        (folder / "control-plane").mkdir()
        self.control_plane = NodeControlPlane(Binaries.of(program()), folder / "control-plane", OUTSIDE)
        self.kubeconfig = self.control_plane.kubeconfig()

    def start(self, images):
        """Up with the images of this folder; its node becomes Ready a few seconds later."""
        self.machine.start()
        self.control_plane.start()
        self.containerd.start()
        self.containerd.load(images)
        self._start_kubelet()
        self._start_proxy()
        self._start_names()

    def stop(self):
        self.machine.stop()
        self.control_plane.stop()

    def _start_kubelet(self):
        certificate, key = self.control_plane.server_certificate("kubelet", NODE, NAME)
        nothing = self.folder / "resolv.conf"
        nothing.write_text("")
        settings = {
            "kind": "KubeletConfiguration",
            "apiVersion": "kubelet.config.k8s.io/v1beta1",
            "address": NODE,
            "authentication": {
                "anonymous": {"enabled": False},
                "webhook": {"enabled": True},
                "x509": {"clientCAFile": str(self.control_plane.ca)},
            },
            "authorization": {"mode": "Webhook"},
            "tlsCertFile": str(certificate),
            "tlsPrivateKeyFile": str(key),
            "cgroupDriver": "cgroupfs",
            "cgroupRoot": self.machine.group.name,
            "failCgroupV1": False,
            "failSwapOn": False,
            "localStorageCapacityIsolation": False,
            "enforceNodeAllocatable": [],
            "evictionHard": {"nodefs.available": "0%", "imagefs.available": "0%", "memory.available": "1Mi"},
            "imageGCHighThresholdPercent": 100,
            "containerRuntimeEndpoint": f"unix://{self.containerd.socket}",
            "clusterDNS": [NODE],
            "clusterDomain": "cluster.local",
            "resolvConf": str(nothing),
            "podLogsDir": str(self.folder / "pod-logs"),
            "volumePluginDir": str(self.folder / "volume-plugins"),
            "healthzPort": 0,
        }
        path = self.folder / "kubelet.json"
        path.write_text(json.dumps(settings))
        user = self.control_plane.kubeconfig(f"system:node:{NAME}", "system:nodes")
        flags = {
            "config": path,
            "kubeconfig": user,
            "root-dir": self.folder / "kubelet",
            "hostname-override": NAME,
            "node-ip": NODE,
        }
        self._run("kubelet", flags)

    def _start_proxy(self):
        flags = {
            "kubeconfig": self.kubeconfig,
            "proxy-mode": "nftables",
            "hostname-override": NAME,
            "cluster-cidr": PODS,
            "conntrack-max-per-core": 0,
            "conntrack-tcp-timeout-established": 0,
            "conntrack-tcp-timeout-close-wait": 0,
        }
        self._run("kube-proxy", flags)

    def _start_names(self):
        path = self.folder / "Corefile"
        path.write_text(NAMES.format(node=NODE, kubeconfig=self.kubeconfig))
        self.machine.run("dns", program("dns"), "-conf", path)

    def _run(self, part, flags):
        self.machine.run(part, program("node"), part, *(f"--{flag}={value}" for flag, value in flags.items()))

    def until(self, what, ask, seconds=STARTS):
        """Wait for a true answer, while all programs live."""
        deadline = time.monotonic() + seconds
        while not (answer := ask()):
            self.machine.check()
            assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
            time.sleep(0.2)
        return answer
