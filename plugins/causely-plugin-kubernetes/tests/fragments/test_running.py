"""What others mean by the ids and addresses of a pod."""

from causely_plugin_kubernetes.fragments.pods import pod
from causely_plugin_kubernetes.fragments.running import address
from causely_plugin_kubernetes.fragments.services import service
from causely_plugin_kubernetes.fragments.workloads import workload

from .objects import made, owned_by

IDS = "containerd://c0ffee"
HASHED = {"labels": {"pod-template-hash": "5d4f"}, "ownerReferences": owned_by("ReplicaSet", "cart-5d4f")}


def meant(fragment):
    return {relation.source: relation.target for relation in fragment.relations if relation.type == "same_as"}


def containers(*more):
    return {"containers": [{"name": "main", "ports": [{"containerPort": 8080}]}, *more]}


def test_a_pod_is_meant_by_its_uid_its_addresses_and_its_containers():
    status = {
        "podIP": "10.1.0.7",
        "podIPs": [{"ip": "10.1.0.7"}, {"ip": "fd00::7"}],
        "containerStatuses": [{"name": "main", "containerID": IDS}, {"name": "late"}],
    }
    assert meant(pod(made("cart-5d4f-x", spec=containers(), status=status, **HASHED))) == {
        "Pod:u1": "Pod:shop/cart-5d4f-x",
        "Pod:10.1.0.7": "Pod:shop/cart-5d4f-x",
        "Pod:fd00::7": "Pod:shop/cart-5d4f-x",
        "Container:c0ffee": "Container:shop/cart-5d4f-x/main",
        "Service:Pod:shop/cart-5d4f-x": "Service:shop/cart",
        "ExternalService:10.1.0.7": "Service:shop/cart",
        "ExternalService:fd00::7": "Service:shop/cart",
    }


def test_ports_that_other_containers_declare_are_theirs():
    proxy = {"name": "proxy", "ports": [{"containerPort": 9090}]}
    found = meant(pod(made("cart-x", spec=containers(proxy), status={"podIP": "10.1.0.7"})))
    assert found["ExternalService:10.1.0.7:9090"] == "Service:shop/cart-x-proxy"
    assert found["Service:Container:shop/cart-x/proxy"] == "Service:shop/cart-x-proxy"
    assert "ExternalService:10.1.0.7:8080" not in found


def test_the_address_of_a_node_is_no_pods_but_for_the_ports_that_it_has_there():
    alike = containers() | {"hostNetwork": True}
    status = {"podIP": "192.0.2.1", "hostIP": "192.0.2.1"}
    found = meant(pod(made("logs-x", spec=alike, status=status)))
    assert found.keys() == {"Pod:u1", "Service:Pod:shop/logs-x", "ExternalService:192.0.2.1:8080"}
    opened = {"containers": [{"name": "main", "ports": [{"containerPort": 80, "hostPort": 8080}]}]}
    found = meant(pod(made("edge-x", spec=opened, status={"podIP": "10.1.0.7", "hostIP": "192.0.2.1"})))
    assert found["ExternalService:192.0.2.1:8080"] == "Service:shop/edge-x"


def test_a_pod_that_has_ended_has_no_address_any_more():
    assert not meant(pod(made("cart-x", spec=containers(), status={"podIP": "10.1.0.7", "phase": "Failed"})))


def test_addresses_with_ports_are_written_as_others_write_them():
    assert (address("fd00::7", 80), address("fd00::7")) == ("ExternalService:[fd00::7]:80", "ExternalService:fd00::7")


def test_a_service_is_known_by_name_and_by_all_its_addresses():
    spec = {"selector": {"app": "cart"}, "clusterIP": "10.96.0.7", "clusterIPs": ["10.96.0.7", "fd00::7"]}
    outside = {"loadBalancer": {"ingress": [{"ip": "192.0.2.9"}, {"hostname": "shop.example"}]}}
    found = service(made("cart-svc", spec=spec | {"externalIPs": ["192.0.2.8"]}, status=outside)).selection
    assert found.labels == {("app", "cart")}
    shown = ("cart-svc.shop", "10.96.0.7", "fd00::7", "192.0.2.8", "192.0.2.9", "shop.example")
    assert found.addresses == tuple(f"ExternalService:{each}" for each in shown)
    headless = service(made("cart-svc", spec={"clusterIP": "None", "clusterIPs": ["None"]})).selection
    assert headless.addresses == ("ExternalService:cart-svc.shop",)


def test_workloads_and_pods_without_one_tell_what_runs():
    template = {"metadata": {"labels": {"app": "cart"}}, "spec": containers()}
    found = workload("Deployment")(made("cart-deploy", spec={"template": template}))
    assert (found.runs.labels, found.runs.service) == ({("app", "cart")}, "Service:shop/cart-deploy")
    scheduled = {"jobTemplate": {"spec": {"template": template}}}
    assert workload("CronJob")(made("bill", spec=scheduled)).runs.service == "Service:shop/bill"
    job = made("bill-29012345", spec={"template": template}, ownerReferences=owned_by("CronJob", "bill"))
    assert workload("Job")(job).runs is None
    assert pod(made("cart-5d4f-x", spec=containers(), **HASHED)).runs is None
    assert pod(made("alone", spec=containers())).runs.service == "Service:shop/alone"
    rolled = {"labels": {"rollouts-pod-template-hash": "5d4f"}, "ownerReferences": owned_by("ReplicaSet", "cart-5d4f")}
    assert pod(made("cart-5d4f-x", spec=containers(), **rolled)).runs.service == "Service:shop/cart"
