"""Pods as a kubelet tells them, over real TLS."""

import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import trustme

from causely_core.host import ContainerInfo, Kubelet, KubeletAccess, KubeletError, PodInfo
from causely_core.host.pod_list import quantity

from .trees import ID, UID

OTHER = "e" * 64


def pod(name="cart-5d9-abc", owners=(), labels=None, annotations=None, **status):
    return {
        "metadata": {
            "name": name,
            "namespace": "shop",
            "uid": UID,
            "labels": labels or {},
            "annotations": annotations or {},
            "ownerReferences": [{"apiVersion": "v1", "controller": True, **owner} for owner in owners],
        },
        "spec": {"nodeName": "node-1", "containers": [{"name": "main"}, {"name": "proxy"}]},
        "status": status,
    }


def status(name, id, restarts=0):
    return {"name": name, "containerID": f"containerd://{id}", "image": f"{name}:1", "restartCount": restarts}


CART = pod(
    owners=[{"kind": "ReplicaSet", "name": "cart-5d9"}],
    labels={"pod-template-hash": "5d9"},
    containerStatuses=[status("main", ID, 2), status("proxy", OTHER), {"name": "waiting"}],
)


class Answers(BaseHTTPRequestHandler):
    """``GET /pods`` for who has the token."""

    def do_GET(self):
        allowed = self.path == "/pods" and self.headers["Authorization"] == "Bearer let-me-in"
        self.server.asked += 1
        self.send_response(self.server.status if allowed else 401)
        self.end_headers()
        self.wfile.write(self.server.body if allowed else b"Unauthorized")

    def log_message(self, *_): ...


@pytest.fixture
def server(tmp_path):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.crt")
    (tmp_path / "token").write_text("let-me-in\n")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as serving:
        serving.socket = context.wrap_socket(serving.socket, server_side=True)
        serving.asked, serving.status = 0, 200
        tell(serving, CART)
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        yield serving
        serving.shutdown()
        thread.join()


def tell(server, *pods):
    server.body = json.dumps({"kind": "PodList", "apiVersion": "v1", "metadata": {}, "items": pods}).encode()


def kubelet(server, folder, **access):
    files = {"token": str(folder / "token"), "authority": str(folder / "ca.crt")} | access
    return Kubelet(KubeletAccess(f"https://127.0.0.1:{server.server_port}", **files))


async def told(server, folder, *pods):
    tell(server, *pods)
    asking = kubelet(server, folder)
    await asking.refresh(0)
    return asking


async def test_pods_and_their_containers(server, tmp_path):
    asking = await told(server, tmp_path, CART)
    main = ContainerInfo(ID, "main", "main:1", "cart", 2)
    proxy = ContainerInfo(OTHER, "proxy", "proxy:1", "cart-proxy")
    assert asking.by_uid(UID) == PodInfo(
        UID, "shop", "cart-5d9-abc", (("Deployment", "cart"),), {ID: main, OTHER: proxy}
    )
    assert asking.by_container(ID) == main
    assert asking.by_uid("other") is asking.by_container("other") is None


async def test_what_a_container_requested_and_when_it_was_killed(server, tmp_path):
    one = pod(containerStatuses=[status("main", ID), status("proxy", OTHER)])
    one["spec"]["containers"][0]["resources"] = {"requests": {"cpu": "250m", "memory": "64Mi"}}
    ended = {"reason": "OOMKilled", "exitCode": 137, "finishedAt": "1970-01-01T00:02:00Z"}
    one["status"]["containerStatuses"][0]["lastState"] = {"terminated": ended}
    one["status"]["containerStatuses"][1]["lastState"] = {"terminated": ended | {"reason": "Error"}}
    asking = await told(server, tmp_path, one)
    main, proxy = asking.by_container(ID), asking.by_container(OTHER)
    assert (main.requested, main.killed) == (0.25, 120.0)
    assert (proxy.requested, proxy.killed) == (0.0, 0.0)


async def test_what_a_container_may_use_and_whether_it_runs(server, tmp_path):
    running = status("main", ID) | {"state": {"running": {"startedAt": "1970-01-01T00:02:00Z"}}}
    one = pod(containerStatuses=[running, status("proxy", OTHER)])
    one["spec"]["containers"][0]["resources"] = {"limits": {"cpu": "1500m", "ephemeral-storage": "2Gi"}}
    asking = await told(server, tmp_path, one)
    main, proxy = asking.by_container(ID), asking.by_container(OTHER)
    assert (main.running, main.limits) == (True, {"cpu": 1.5, "ephemeral-storage": 2 * 2**30})
    assert (proxy.running, proxy.limits) == (False, {})


async def test_claims_and_who_can_write_to_them(server, tmp_path):
    one = pod()
    one["spec"]["volumes"] = [
        {"name": "data", "persistentVolumeClaim": {"claimName": "data-cart-0"}},
        {"name": "scratch", "ephemeral": {"volumeClaimTemplate": {"spec": {}}}},
        {"name": "settings", "configMap": {"name": "settings"}},
    ]
    main, proxy = one["spec"]["containers"]
    main["volumeMounts"] = [{"name": "data", "mountPath": "/a"}, {"name": "data", "mountPath": "/b", "subPath": "b"}]
    proxy["volumeMounts"] = [{"name": "data", "readOnly": True}, {"name": "scratch"}, {"name": "settings"}]
    asking = await told(server, tmp_path, one)
    assert asking.by_uid(UID).claims == {"data-cart-0": ("main",), "cart-5d9-abc-scratch": ("proxy",)}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2.0),
        ("0.5", 0.5),
        ("500m", 0.5),
        ("100u", 1e-4),
        ("1e1", 10),
        ("1Gi", 2**30),
        ("128M", 128e6),
        ("2E", 2e18),
    ],
)
def test_quantities(text, number):
    assert quantity(text) == pytest.approx(number)


@pytest.mark.parametrize(
    ("one", "workloads", "service"),
    [
        (pod(owners=[{"kind": "StatefulSet", "name": "db"}]), (("StatefulSet", "db"),), "db"),
        (pod(owners=[{"kind": "ReplicaSet", "name": "db"}]), (("ReplicaSet", "db"),), "db"),
        (pod(owners=[{"kind": "Job", "name": "sum-28901234"}]), (("CronJob", "sum"), ("Job", "sum-28901234")), "sum"),
        (pod(owners=[{"kind": "Node", "name": "node-1"}], name="etcd-node-1"), (), "etcd"),
        (pod(annotations={"resource.opentelemetry.io/service.name": "till"}), (), "till"),
        (pod(annotations={"kubectl.kubernetes.io/default-container": "proxy"}), (), "cart-5d9-abc-main"),
    ],
)
async def test_who_owns_a_pod_and_what_its_service_is(server, tmp_path, one, workloads, service):
    one["status"]["containerStatuses"] = [status("main", ID)]
    asking = await told(server, tmp_path, one)
    assert asking.by_uid(UID).workloads == workloads
    assert asking.by_container(ID).service == service


async def test_a_pod_from_a_file_is_known_by_the_hash_of_the_file(server, tmp_path):
    asking = await told(server, tmp_path, pod(annotations={"kubernetes.io/config.hash": "ab" * 16}))
    assert asking.by_uid("ab" * 16).name == "cart-5d9-abc"


async def test_it_is_asked_every_half_minute_and_earlier_for_what_is_missed(server, tmp_path):
    asking = kubelet(server, tmp_path)
    await asking.refresh(100)
    await asking.refresh(129.9)
    assert server.asked == 1
    await asking.refresh(130)
    assert server.asked == 2
    asking.by_uid("new")
    await asking.refresh(131)
    assert server.asked == 2
    await asking.refresh(132)
    assert server.asked == 3
    asking.by_uid("new")
    await asking.refresh(140)
    assert server.asked == 3


async def test_pods_that_are_gone_are_forgotten(server, tmp_path):
    asking = await told(server, tmp_path, CART)
    tell(server)
    await asking.refresh(30)
    assert asking.by_uid(UID) is asking.by_container(ID) is None


async def failing(asking):
    with pytest.raises(KubeletError, match=r"^kubelet https://127\.0\.0\.1:\d+/pods: ") as raised:
        await asking.refresh(1000)
    assert "\n" not in str(raised.value)
    assert not asking.awaited
    return str(raised.value)


async def test_a_wrong_token_is_one_line(server, tmp_path):
    (tmp_path / "token").write_text("wrong")
    said = await failing(kubelet(server, tmp_path))
    assert said.endswith(f"/pods: HTTP 401, it does not accept the token of {tmp_path / 'token'}")


async def test_a_right_that_is_missing_is_named(server, tmp_path):
    server.status = 403
    assert (await failing(kubelet(server, tmp_path))).endswith('needs "get" on nodes/proxy')


async def test_a_missing_token_is_one_line(server, tmp_path):
    assert "No such file" in await failing(kubelet(server, tmp_path, token=str(tmp_path / "none")))


async def test_a_server_that_the_authority_did_not_sign_is_one_line(server, tmp_path):
    other = tmp_path / "other.crt"
    trustme.CA().cert_pem.write_to_path(other)
    assert "CERTIFICATE_VERIFY_FAILED" in await failing(kubelet(server, tmp_path, authority=str(other)))


async def test_without_an_authority_any_server_is_trusted(server, tmp_path):
    asking = kubelet(server, tmp_path, authority="")
    await asking.refresh(0)
    assert asking.by_uid(UID)


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"items": [7]}'])
async def test_an_answer_of_another_shape_is_one_line_and_what_was_known_stays(server, tmp_path, body):
    asking = await told(server, tmp_path, CART)
    server.body = body
    await failing(asking)
    assert asking.by_uid(UID)
    tell(server)
    await asking.refresh(2000)
    assert asking.awaited
