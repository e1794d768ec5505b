"""The control plane of a cluster with a node: it also schedules pods, and asks kubelets."""

from ..build import program
from ..control_plane import ControlPlane


class NodeControlPlane(ControlPlane):
    @property
    def authority(self):
        """File with the certificate that all others are signed with."""
        return self.folder / "ca.crt"

    def start(self):
        super().start()
        self.start_controller_manager()
        flags = {"kubeconfig": self.kubeconfig(), "leader-elect": "false", "secure-port": "0"}
        self._run("kube-scheduler", [str(program("node")), "kube-scheduler"], flags)
