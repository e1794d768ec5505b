"""The control plane of a cluster with a node: it also schedules pods, and asks kubelets."""

from causely_core.testing.kubernetes.control_plane import ControlPlane

from ..build import program


class NodeControlPlane(ControlPlane):
    def start(self):
        super().start()
        self.start_controller_manager()
        flags = {"kubeconfig": self.kubeconfig(), "leader-elect": "false", "secure-port": "0"}
        self._run("kube-scheduler", (str(program("node")), "kube-scheduler"), flags)
