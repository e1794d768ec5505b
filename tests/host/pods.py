"""Pods as the API tells them."""

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
