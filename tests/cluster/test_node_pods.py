"""The agent's part: the pods of its node, followed with the rights of a service account at a real API server."""

import asyncio

import pytest

from causely_core.host import Machine, NodePods
from causely_core.kubernetes import ApiError, ServiceAccount

from ..host.trees import ID, Tree
from .following import until

OTHER = "e" * 64
RULES = [{"apiGroups": [""], "resources": ["pods"], "verbs": ["list", "watch"]}]


@pytest.fixture
def account(control_plane, writer, namespace, tmp_path):
    """The files that the kubelet would mount into the agent's pod."""
    writer.create("/api/v1/nodes", {"metadata": {"name": f"node-{namespace}"}})
    writer.create(f"/api/v1/namespaces/{namespace}/serviceaccounts", {"metadata": {"name": "agent"}})
    path = f"/api/v1/namespaces/{namespace}/serviceaccounts/agent/token"
    (tmp_path / "token").write_text(writer.create(path, {"spec": {}})["status"]["token"])
    (tmp_path / "ca.crt").write_bytes((control_plane.folder / "ca.crt").read_bytes())
    return ServiceAccount(control_plane.url, tmp_path)


@pytest.fixture
def allowed(writer, namespace):
    """The account may list and watch pods, and nothing else."""
    rbac, name = "/apis/rbac.authorization.k8s.io/v1", f"agent-{namespace}"
    writer.create(f"{rbac}/clusterroles", {"metadata": {"name": name}, "rules": RULES})
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name}
    subject = {"kind": "ServiceAccount", "name": "agent", "namespace": namespace}
    body = {"metadata": {"name": name}, "roleRef": role, "subjects": [subject]}
    writer.create(f"{rbac}/clusterrolebindings", body)


@pytest.fixture
async def subject(account, namespace):
    following = NodePods(account, f"node-{namespace}", refused_pause=0.2)
    yield following
    await following.aclose()


def start(writer, namespace, name, id, node=None, **status):
    """A pod as the kubelet tells of it once its container runs."""
    pods = f"/api/v1/namespaces/{namespace}/pods"
    spec = {"nodeName": node or f"node-{namespace}", "containers": [{"name": "main", "image": "cart:1"}]}
    labels = {"pod-template-hash": "5d9"}
    owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "cart-5d9", "uid": "1", "controller": True}
    metadata = {"name": name, "labels": labels, "ownerReferences": [owner]}
    uid = writer.create(pods, {"metadata": metadata, "spec": spec})["metadata"]["uid"]
    told = {"name": "main", "containerID": f"containerd://{id}", "image": "cart:1", "imageID": "", "ready": True}
    running = {**told, "restartCount": 0, "state": {"running": {}}}
    body = {"status": {"phase": "Running", "containerStatuses": [running], **status}}
    writer.patch(f"{pods}/{name}/status", body)
    return uid


@pytest.mark.usefixtures("allowed")
async def test_a_process_of_a_pod_that_has_just_started_is_named(subject, writer, namespace, tmp_path):
    await subject.refresh()
    machine = Machine.of(Tree(tmp_path).root, subject.node, subject)
    uid = start(writer, namespace, "cart-5d9-x", ID)
    Tree(tmp_path).process(5, "/app/server", cgroup=f"0::/kubepods/pod{uid}/{ID}")
    await until(lambda: machine.owners.of(5))
    owner = machine.owners.of(5)
    assert owner.container == f"Container:{namespace}/cart-5d9-x/main"
    assert owner.service == f"Service:{namespace}/cart"


@pytest.mark.usefixtures("allowed")
async def test_only_pods_of_the_node_that_have_not_ended_are_known(subject, writer, namespace):
    start(writer, namespace, "before", ID)
    await subject.refresh()
    start(writer, namespace, "elsewhere", OTHER, node="another")
    start(writer, namespace, "after", OTHER)
    await until(lambda: {pod.name for pod in subject.pods} == {"before", "after"})
    writer.patch(f"/api/v1/namespaces/{namespace}/pods/before/status", {"status": {"phase": "Succeeded"}})
    writer.delete(f"/api/v1/namespaces/{namespace}/pods/after")
    await until(lambda: not subject.pods)
    assert subject.by_container(ID) is subject.by_container(OTHER) is None


@pytest.mark.usefixtures("allowed")
async def test_a_server_that_begins_anew_is_followed_on(subject, writer, namespace, control_plane):
    start(writer, namespace, "before", ID)
    await subject.refresh()
    await asyncio.to_thread(control_plane.restart_api_server)
    start(writer, namespace, "after", OTHER)
    await until(lambda: {pod.name for pod in subject.pods} == {"before", "after"})
    assert subject.awaited


async def test_a_right_that_is_granted_later_is_used_then(subject, writer, namespace, request):
    start(writer, namespace, "before", ID)
    with pytest.raises(ApiError, match=r'cannot list resource "pods".* \(403\)$'):
        await subject.refresh()
    assert not subject.awaited
    request.getfixturevalue("allowed")
    await until(lambda: subject.pods and subject.awaited)
