"""A control plane with controllers, and the chart installed into it by helm."""

from pathlib import Path

import pytest
import yaml

from ...charts.conftest import tool
from ..conftest import running_control_plane
from .cluster import Cluster
from .definitions import establish

ROOT = Path(__file__).parents[3]
CHART = ROOT / "charts" / "causely"


@pytest.fixture(scope="module")
def control_plane(tmp_path_factory):
    with running_control_plane(tmp_path_factory.mktemp("control-plane")) as running:
        # There is no scheduler, so that pods are made and wait.
        running.start_controller_manager()
        yield running


@pytest.fixture(scope="module")
def cluster(control_plane):
    """With a node, so that there is an agent to make, and with the kinds that some options need."""
    found = Cluster(control_plane.kubeconfig(), tool("kubectl", "--kept"))
    establish(found)
    found.apply({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "worker-1"}})
    return found


class Release:
    """The chart under one name, in a namespace of this name."""

    def __init__(self, cluster, helm, name):
        self.cluster, self._helm, self.name = cluster, helm, name

    def helm(self, *arguments, fed=None):
        code, out, err = self.cluster.run(self._helm, *arguments, "--namespace", self.name, fed=fed)
        assert code == 0, err
        return out

    def install(self, values=None):
        return self.helm("install", self.name, CHART, "--values", "-", fed=yaml.safe_dump(values or {}))

    def upgrade(self, values=None, *flags):
        return self.helm("upgrade", self.name, CHART, *flags, "--values", "-", fed=yaml.safe_dump(values or {}))

    def rollback(self, revision):
        return self.helm("rollback", self.name, revision)

    def uninstall(self):
        return self.helm("uninstall", self.name)

    def secrets(self):
        """Name to content of the release's Secrets."""
        found = self.cluster.get("secrets", "-n", self.name, "-l", f"app.kubernetes.io/instance={self.name}")
        return {each["metadata"]["name"]: each["data"] for each in found}


@pytest.fixture(scope="module", params=["helm4", "helm3"])
def helm(request):
    return tool(request.param, "--kept")


@pytest.fixture(scope="module")
def helm4():
    return tool("helm4", "--kept")
