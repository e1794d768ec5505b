"""Whose processes are, by the ids that OpenTelemetry's resources give."""

import os

import pytest
from attrs import define, evolve

from causely_core.host import ContainerInfo, Machine, PodInfo

from .trees import ID, UID, tcp

POD_GROUP = f"0::/kubepods/pod{UID}/{ID}"
CART = ContainerInfo(ID, "main", "shop/cart:1", "cart")
POD = PodInfo(UID, "shop", "cart-5d-x", (("Deployment", "cart"), ("ReplicaSet", "cart-5d")), {ID: CART})


@define
class Known:
    """Pods that a test knows."""

    pods: tuple = ()
    awaited: bool = True

    def by_uid(self, uid):
        return next((pod for pod in self.pods if pod.uid == uid), None)

    def by_container(self, id):
        return next((pod.containers[id] for pod in self.pods if id in pod.containers), None)


def machine(tree, pods=None):
    tree.write("etc/hostname", "vm\n")
    return Machine.of(tree.root, pods=pods)


def told(owner):
    return [entity.id for entity in owner.entities], {f"{r.source} {r.type} {r.target}" for r in owner.relations}


def test_a_process_of_the_machine(tree):
    tree.process(5, "/usr/sbin/nginx", cgroup="0::/system.slice/web.service")
    owner = machine(tree).owners.of(5)
    assert told(owner) == (["Service:web", "Node:vm"], {"Service:web runs_on Node:vm"})
    assert (owner.service, owner.node, owner.container, owner.instance) == ("Service:web", "Node:vm", None, 5)


def test_a_process_in_a_container_without_kubernetes(tree):
    tree.process(5, "/app/cart", cgroup=f"0::/docker/{ID}", OTEL_RESOURCE_ATTRIBUTES="service.namespace=shop")
    entities, relations = told(machine(tree).owners.of(5))
    assert entities == ["Service:shop/cart", f"Container:{ID}", "Node:vm"]
    assert relations == {f"Service:shop/cart runs_on Container:{ID}", f"Container:{ID} runs_on Node:vm"}


def test_a_process_in_a_pod(tree):
    tree.process(5, "/app/server", cgroup=POD_GROUP)
    owner = machine(tree, Known((POD,))).owners.of(5)
    entities, relations = told(owner)
    assert owner.namespace == "shop"
    assert entities == [
        "Service:shop/cart",
        "Container:shop/cart-5d-x/main",
        "Pod:shop/cart-5d-x",
        "Node:vm",
        "Namespace:shop",
        "Workload:shop/Deployment/cart",
        "Workload:shop/ReplicaSet/cart-5d",
    ]
    assert relations == {
        "Service:shop/cart runs_on Container:shop/cart-5d-x/main",
        "Container:shop/cart-5d-x/main part_of Pod:shop/cart-5d-x",
        "Pod:shop/cart-5d-x runs_on Node:vm",
        "Pod:shop/cart-5d-x owned_by Workload:shop/ReplicaSet/cart-5d",
        "Workload:shop/ReplicaSet/cart-5d owned_by Workload:shop/Deployment/cart",
        "Pod:shop/cart-5d-x part_of Namespace:shop",
        "Service:shop/cart part_of Namespace:shop",
        "Workload:shop/ReplicaSet/cart-5d part_of Namespace:shop",
    }


def test_a_pod_has_the_marks_that_people_have_set(tree):
    marks = {"causely.io/latency-threshold": "250"}
    tree.process(5, "/app/server", cgroup=POD_GROUP)
    owner = machine(tree, Known((evolve(POD, marks=marks),))).owners.of(5)
    assert {entity.id: entity.attributes for entity in owner.entities}["Pod:shop/cart-5d-x"] == marks


def test_a_process_of_a_pod_that_is_to_be_ignored_is_nobodys(tree):
    tree.process(5, "/app/server", cgroup=POD_GROUP)
    ignored = evolve(POD, marks={"causely.io/ignore": "true"})
    assert machine(tree, Known((ignored,))).owners.of(5) is None


@pytest.mark.parametrize("pods", [(), (evolve(POD, containers={}),)])
def test_while_its_pod_is_awaited_a_process_is_nobodys(tree, pods):
    tree.process(5, "/app/server", cgroup=POD_GROUP)
    known = Known(pods)
    owners = machine(tree, known).owners
    assert owners.of(5) is None
    known.pods = (POD,)
    assert owners.of(5).service == "Service:shop/cart"


def test_where_nobody_tells_of_pods_the_container_does(tree):
    tree.process(5, "/app/cart", cgroup=POD_GROUP)
    assert told(machine(tree).owners.of(5))[0] == ["Service:cart", f"Container:{ID}", "Node:vm"]


def test_when_the_pod_becomes_known_after_all_it_counts(tree):
    tree.process(5, "/app/cart", cgroup=POD_GROUP)
    known = Known(awaited=False)
    owners = machine(tree, known).owners
    assert owners.of(5).container == f"Container:{ID}"
    known.pods = (POD,)
    assert owners.of(5).container == "Container:shop/cart-5d-x/main"


def test_workers_are_their_masters(tree):
    tree.process(5, "/usr/sbin/nginx", "-c", "x")
    tree.process(6, "nginx: worker process", exe="/usr/sbin/nginx", parent=5)
    owners = machine(tree).owners
    assert owners.of(6).service == owners.of(5).service == "Service:nginx"
    assert owners.of(6).instance == 5


def test_an_answer_is_kept_until_the_process_is_another(tree):
    tree.process(5, "/app/cart")
    owners = machine(tree).owners
    first = owners.of(5)
    assert owners.of(5) is first
    tree.process(5, "/app/till", started=9)
    assert owners.of(5).service == "Service:till"
    tree.folder.joinpath("proc/5/stat").unlink()
    assert owners.of(5) is None


def test_services_of_one_name_are_told_apart_by_their_ports(tree):
    for pid, port in ((5, "0050"), (6, "0051")):
        tree.process(pid, "/bin/redis", "--port", port)
        tree.opens(pid, pid)
    tree.sockets(5, tcp("00000000:0050", 5), tcp("00000000:0051", 6))
    seen = machine(tree)
    assert seen.owners.of(6).service == "Service:redis"
    seen.look()
    assert [seen.owners.of(pid).service for pid in (5, 6)] == ["Service:redis:80", "Service:redis"]


def test_all_who_look_at_one_machine_share_the_view():
    assert Machine.at("/", "x") is Machine.at("/", "x")
    assert Machine.at("/", "x") is not Machine.at("/", "y")


def test_this_process_has_an_owner():
    found = Machine.of(Machine.at().root)
    found.look()
    assert found.owners.of(os.getpid()).node == found.node.id


def test_the_name_of_a_node_is_that_of_its_own_files(tree):
    tree.write("proc/sys/kernel/hostname", "pod\n")
    assert machine(tree).node.id == "Node:vm"
    assert Machine.of(tree.root, "told").node.id == "Node:told"


def test_of_several_that_listen_the_oldest_keeps_the_plain_name(tree):
    for pid, port, started in ((5, "0050", 70), (6, "0051", 60)):
        tree.process(pid, "/bin/redis", "--port", port, started=started)
        tree.opens(pid, pid)
    tree.sockets(5, tcp("00000000:0050", 5), tcp("00000000:0051", 6))
    seen = machine(tree)
    seen.look()
    assert [seen.owners.of(pid).service for pid in (5, 6)] == ["Service:redis:80", "Service:redis"]
