"""A control plane with controllers: they make pods of workloads, and clear away what belongs to what is deleted."""

from ..control_plane import ControlPlane


class ManagedControlPlane(ControlPlane):
    """With kube-controller-manager; there is no scheduler, so that pods are made and wait."""

    def start(self):
        super().start()
        flags = {
            "kubeconfig": self.kubeconfig(),
            "service-account-private-key-file": self.folder / "accounts.key",
            "root-ca-file": self.folder / "ca.crt",
            "leader-elect": "false",
            "secure-port": "0",
        }
        self._run("kube-controller-manager", [str(self.program), "kube-controller-manager"], flags)
