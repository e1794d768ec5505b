"""Kinds that some clusters have: installed while discovery runs, and objects of them written."""

from causely_core.model import Relation

from .following import between, following, until
from .kinds import define, established

GATEWAYS, ISTIO, STRIMZI = "gateway.networking.k8s.io", "networking.istio.io", "kafka.strimzi.io"


async def installed(writer, group, version, *kinds):
    makers = [define(writer, group, version, kind) for kind in kinds]
    await until(lambda: all(established(writer, group, kind) for kind in kinds))
    return makers


async def test_kinds_that_are_installed_later_are_followed_from_then_on(discoverer, writer, namespace):
    async with following(discoverer()) as found:
        gateway, http, grpc = await installed(writer, GATEWAYS, "v1", "Gateway", "HTTPRoute", "GRPCRoute")
        (virtual,) = await installed(writer, ISTIO, "v1beta1", "VirtualService")
        kafka, topic = await installed(writer, STRIMZI, "v1beta2", "Kafka", "KafkaTopic")
        for name in ("web", "cart"):
            body = {"metadata": {"name": name}, "spec": {"ports": [{"port": 80}]}}
            writer.create(f"/api/v1/namespaces/{namespace}/services", body)
        gateway(namespace, "edge", {"gatewayClassName": "envoy"})
        http(namespace, "web", {"parentRefs": [{"name": "edge"}], "rules": [{"backendRefs": [{"name": "web"}]}]})
        grpc(namespace, "cart", {"parentRefs": [{"name": "edge"}], "rules": [{"backendRefs": [{"name": "cart"}]}]})
        virtual(namespace, "cart", {"http": [{"route": [{"destination": {"host": "cart"}}]}]})
        kafka(namespace, "events", {})
        topic(namespace, "orders", {"partitions": 3}, labels={"strimzi.io/cluster": "events"})
        edge, mesh = f"LoadBalancer:{namespace}/Gateway/edge", f"LoadBalancer:{namespace}/VirtualService/cart"
        wanted = {
            Relation(edge, "routes_to", f"Service:{namespace}/web"),
            Relation(edge, "routes_to", f"Service:{namespace}/cart"),
            Relation(mesh, "routes_to", f"Service:{namespace}/cart"),
            Relation("Topic:kafka/orders", "part_of", f"Queue:kafka/{namespace}/events"),
        }
        await until(lambda: wanted <= set(found.topology.relations))
        assert found.snapshots == 1


async def test_storage_routes_and_bounds_of_scaling(discoverer, writer, namespace):
    core, within = f"/api/v1/namespaces/{namespace}", f"Namespace:{namespace}"
    asked = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    claim = {"storageClassName": "fast", "volumeName": f"pv-{namespace}", **asked}
    writer.create(f"{core}/persistentvolumeclaims", {"metadata": {"name": "data"}, "spec": claim})
    volume = {
        "capacity": {"storage": "1Gi"},
        "accessModes": ["ReadWriteOnce"],
        "csi": {"driver": "disks.example", "volumeHandle": "v1"},
        "claimRef": {"namespace": namespace, "name": "data"},
    }
    writer.create("/api/v1/persistentvolumes", {"metadata": {"name": f"pv-{namespace}"}, "spec": volume})
    main = {"name": "main", "image": "db:1", "volumeMounts": [{"name": "data", "mountPath": "/data"}]}
    stored = {"name": "data", "persistentVolumeClaim": {"claimName": "data"}}
    writer.create(f"{core}/pods", {"metadata": {"name": "db-0"}, "spec": {"containers": [main], "volumes": [stored]}})
    writer.create(f"{core}/services", {"metadata": {"name": "db"}, "spec": {"ports": [{"port": 80}]}})
    front = {"defaultBackend": {"service": {"name": "db", "port": {"number": 80}}}}
    ingresses = f"/apis/networking.k8s.io/v1/namespaces/{namespace}/ingresses"
    writer.create(ingresses, {"metadata": {"name": "front"}, "spec": front})
    labels = {"app": "db"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "main", "image": "db:1"}]}}
    spec = {"selector": {"matchLabels": labels}, "template": template}
    writer.create(f"/apis/apps/v1/namespaces/{namespace}/deployments", {"metadata": {"name": "db"}, "spec": spec})
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "db"}
    scaled = {"scaleTargetRef": target, "minReplicas": 2, "maxReplicas": 9}
    autoscalers = f"/apis/autoscaling/v2/namespaces/{namespace}/horizontalpodautoscalers"
    writer.create(autoscalers, {"metadata": {"name": "db"}, "spec": scaled})
    budgets = f"/apis/policy/v1/namespaces/{namespace}/poddisruptionbudgets"
    kept = {"minAvailable": 1, "selector": {"matchLabels": labels}}
    writer.create(budgets, {"metadata": {"name": "db-pdb"}, "spec": kept})
    async with following(discoverer()) as found:
        entities, relations = found.topology.entities, between(found.topology, namespace)
    disk = f"Disk:{namespace}/data"
    assert relations >= {
        Relation(disk, "part_of", within),
        Relation(f"Container:{namespace}/db-0/main", "stores_on", disk),
        Relation(f"LoadBalancer:{namespace}/Ingress/front", "routes_to", f"Service:{namespace}/db"),
    }
    assert entities[disk].attributes["k8s.storageclass.name"] == "fast"
    assert entities[disk].attributes["k8s.persistentvolume.driver"] == "disks.example"
    described = entities[f"Workload:{namespace}/Deployment/db"].attributes
    assert (described["k8s.hpa.min_replicas"], described["k8s.hpa.max_replicas"]) == ("2", "9")
    assert described["k8s.poddisruptionbudget.name"] == "db-pdb"


async def test_a_namespace_that_is_ignored_takes_with_it_all_that_is_in_it(discoverer, writer, namespace):
    core = f"/api/v1/namespaces/{namespace}"
    writer.create(f"{core}/services", {"metadata": {"name": "db"}, "spec": {"ports": [{"port": 80}]}})
    async with following(discoverer()) as found:
        assert found.has(f"Service:{namespace}/db")
        writer.patch(core, {"metadata": {"annotations": {"causely.io/ignore": "true"}}})
        await until(lambda: not any(namespace in id for id in found.topology.entities))
        writer.patch(core, {"metadata": {"annotations": {"causely.io/ignore": None}}})
        await until(lambda: found.has(f"Service:{namespace}/db", f"Namespace:{namespace}"))
