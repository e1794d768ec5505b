"""Debian's containerd: its settings, its network of pods, and images for it."""

import json
import time

from .machine import PODS

STARTS = 30.0
PAUSE = "docker.io/causely/pause:e2e"

SETTINGS = """
version = 2
root = "{folder}/containerd"
state = "{folder}/containerd-state"
[grpc]
  address = "{folder}/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{pause}"
  restrict_oom_score_adj = true
  enable_unprivileged_ports = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "{folder}/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
[plugins."io.containerd.internal.v1.opt"]
  path = "{folder}/containerd-opt"
"""


class Containerd:
    def __init__(self, machine):
        self.machine, self.folder = machine, machine.folder
        self.socket = self.folder / "containerd.sock"

    def start(self):
        settings = self.folder / "containerd.toml"
        settings.write_text(SETTINGS.format(folder=self.folder, pause=PAUSE))
        self._network()
        self.machine.run("containerd", "containerd", "--config", settings)
        deadline = time.monotonic() + STARTS
        while not self.socket.exists():
            self.machine.check()
            assert time.monotonic() < deadline, "containerd does not start"
            time.sleep(0.1)

    def load(self, layout):
        """Import all images of a folder that is an OCI image layout."""
        ctr = f"ctr --address {self.socket} --namespace k8s.io images import -"
        self.machine.ask("sh", "-c", f"tar --create --directory {layout} . | {ctr}")

    def _network(self):
        """Each pod has a link to the node of its own, so that all it sends goes through the node's rules."""
        addresses = {
            "type": "host-local",
            "dataDir": str(self.folder / "addresses"),
            "ranges": [[{"subnet": PODS}]],
            "routes": [{"dst": "0.0.0.0/0"}],
        }
        plugins = [{"type": "ptp", "ipam": addresses}, {"type": "portmap", "capabilities": {"portMappings": True}}]
        network = {"cniVersion": "0.4.0", "name": "pods", "plugins": plugins}
        (self.folder / "cni").mkdir()
        (self.folder / "cni" / "pods.conflist").write_text(json.dumps(network))
