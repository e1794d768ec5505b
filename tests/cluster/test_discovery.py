"""Discovery, by a real API server: what there is, what changes, and what becomes of it when the server forgets."""

import asyncio

from structlog.testing import capture_logs

from causely_core.model import Relation

from .following import between, following, same_as_fresh, until

IMAGE = "registry.example/cart:1"


def pod(name, **metadata):
    return {"metadata": {"name": name, **metadata}, "spec": {"containers": [{"name": "main", "image": IMAGE}]}}


async def test_objects_are_entities_with_the_relations_that_they_tell(discoverer, writer, namespace):
    apps, core = f"/apis/apps/v1/namespaces/{namespace}", f"/api/v1/namespaces/{namespace}"
    writer.create("/api/v1/nodes", {"metadata": {"name": f"node-{namespace}"}})
    labels = {"app": "cart"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "main", "image": IMAGE}]}}
    spec = {"selector": {"matchLabels": labels}, "template": template}
    deployment = writer.create(f"{apps}/deployments", {"metadata": {"name": "cart"}, "spec": spec})
    owner = {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "name": "cart-5d4f",
        "uid": deployment["metadata"]["uid"],
        "controller": True,
    }
    hashed = {**labels, "pod-template-hash": "5d4f"}
    body = pod("cart-5d4f-x", labels=hashed, ownerReferences=[owner])
    body["spec"]["nodeName"] = f"node-{namespace}"
    writer.create(f"{core}/pods", body)
    marked = {"name": "cart", "annotations": {"causely.io/latency-threshold": "250"}}
    writer.create(f"{core}/services", {"metadata": marked, "spec": {"selector": labels, "ports": [{"port": 80}]}})
    target = {"kind": "Pod", "name": "cart-5d4f-x", "namespace": namespace}
    endpoints = {
        "metadata": {"name": "cart-1", "labels": {"kubernetes.io/service-name": "cart"}},
        "addressType": "IPv4",
        "endpoints": [{"addresses": ["10.0.0.7"], "targetRef": target}],
    }
    writer.create(f"/apis/discovery.k8s.io/v1/namespaces/{namespace}/endpointslices", endpoints)
    async with following(discoverer(cluster="prod")) as found:
        entities, relations = found.topology.entities, between(found.topology, namespace)
    at, on = f"Pod:{namespace}/cart-5d4f-x", f"Node:node-{namespace}"
    owned, service = f"Workload:{namespace}/Deployment/cart", f"Service:{namespace}/cart"
    within = f"Namespace:{namespace}"
    assert relations == {
        Relation(at, "runs_on", on),
        Relation(at, "owned_by", owned),
        Relation(at, "part_of", within),
        Relation(f"Container:{namespace}/cart-5d4f-x/main", "part_of", at),
        Relation(owned, "part_of", within),
        Relation(service, "part_of", within),
        Relation(service, "selects", at),
        Relation(within, "part_of", "Cluster:prod"),
        Relation(on, "part_of", "Cluster:prod"),
    }
    assert entities[service].attributes["causely.io/latency-threshold"] == "250"
    assert entities[f"Container:{namespace}/cart-5d4f-x/main"].attributes["container.image.name"] == IMAGE


async def test_a_cluster_without_a_name_is_known_by_its_uid(discoverer, writer, namespace):
    uid = writer.get("/api/v1/namespaces/kube-system")["metadata"]["uid"]
    async with following(discoverer()) as found:
        assert found.topology.entities[f"Cluster:{uid}"].attributes == {"k8s.cluster.uid": uid}
        assert Relation(f"Namespace:{namespace}", "part_of", f"Cluster:{uid}") in found.topology.relations


async def test_what_changes_is_told_and_what_is_ignored_is_not(discoverer, writer, namespace):
    pods = f"/api/v1/namespaces/{namespace}/pods"
    first, second = f"Pod:{namespace}/first", f"Pod:{namespace}/second"
    async with following(discoverer()) as found:
        writer.create(pods, pod("first"))
        writer.create(pods, pod("second"))
        await until(lambda: found.has(first, second))
        writer.patch(f"{pods}/second", {"metadata": {"labels": {"causely.io/ignore": "true"}}})
        await until(lambda: not found.has(second))
        writer.delete(f"{pods}/first")
        await until(lambda: not found.has(first))
        assert found.snapshots == 1


async def test_a_server_that_begins_anew_is_followed_on(discoverer, writer, namespace, control_plane):
    pods = f"/api/v1/namespaces/{namespace}/pods"
    async with following(discoverer()) as found:
        writer.create(pods, pod("before"))
        await until(lambda: found.has(f"Pod:{namespace}/before"))
        await asyncio.to_thread(control_plane.restart_api_server)
        writer.create(pods, pod("after"))
        await until(lambda: found.has(f"Pod:{namespace}/before", f"Pod:{namespace}/after"))
        await same_as_fresh(found, discoverer)
        assert found.snapshots == 1


async def test_what_the_server_has_forgotten_meanwhile_is_caught_up_with(discoverer, writer, namespace, control_plane):
    pods = f"/api/v1/namespaces/{namespace}/pods"
    async with following(discoverer()) as found:
        writer.create(pods, pod("goes"))
        await until(lambda: found.has(f"Pod:{namespace}/goes"))
        # Nothing is awaited, so that the discoverer is away while all this happens.
        control_plane.restart_api_server()
        writer.delete(f"{pods}/goes")
        writer.create(pods, pod("after"))
        control_plane.compact()
        control_plane.restart_api_server()
        await until(lambda: found.has(f"Pod:{namespace}/after") and not found.has(f"Pod:{namespace}/goes"))
        await same_as_fresh(found, discoverer)
        assert found.snapshots == 1


async def test_who_may_read_nothing_is_told_so_and_finds_nothing(discoverer, control_plane):
    stranger = control_plane.kubeconfig("stranger", "nobody")
    with capture_logs() as logs:
        async with following(discoverer(stranger)) as found:
            assert (found.snapshots, found.topology.entities) == (1, {})
    told = {entry["resource"]: entry["reason"] for entry in logs if entry["event"] == "not followed"}
    assert told.keys() >= {"pods", "nodes", "deployments.apps"}
    assert "forbidden" in told["pods"]
