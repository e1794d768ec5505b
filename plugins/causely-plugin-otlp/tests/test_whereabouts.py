"""Where resources are, by whatever they tell: one service, in the pod that Kubernetes knows."""

import pytest
from causely_plugin_otlp import OtlpConfig
from causely_plugin_otlp.pipeline import Pipeline
from causely_plugin_otlp.signals import Signal

from causely_core.model import Aliases, EntityId, Relation

from .builders import NOW, World, client, part, request, server

POD, CONTAINER, SERVICE = "Pod:shop/cart-x", "Container:shop/cart-x/main", "Service:shop/cart-deploy"
IP, OTHER = "10.1.0.7", "10.1.0.8"
KNOWN = {
    "Pod:8a7b": POD,
    f"Pod:{IP}": POD,
    "Container:c0ffee": CONTAINER,
    f"Service:{POD}": SERVICE,
    "Service:Container:shop/cart-x/proxy": "Service:shop/cart-deploy-proxy",
    f"ExternalService:{IP}": SERVICE,
    "ExternalService:cart-svc.shop": SERVICE,
    "ExternalService:db.shop": "Service:shop/db",
    f"Pod:{OTHER}": "Pod:shop/web-x",
    "Service:Pod:shop/web-x": "Service:shop/web",
}


class Cluster(World):
    """A world in which Kubernetes tells what ids mean."""

    def learn(self, known=KNOWN):
        for alias, target in known.items():
            self.pipeline.aliases.add(Relation(EntityId(alias), "same_as", EntityId(target)))

    def unlearn(self, *aliases):
        for alias in aliases:
            self.pipeline.aliases.remove(Relation(EntityId(alias), "same_as", EntityId(KNOWN[alias])))

    def hear(self, resource, *spans, peer=""):
        data = request(part(resource, *spans)).SerializeToString()
        self.pipeline.fold(Signal.TRACES, data, self.now, peer)


@pytest.fixture
def world():
    return Cluster(Pipeline(OtlpConfig(), NOW, Aliases()))


def services(world):
    return world.of_type("Service")


@pytest.mark.parametrize(
    ("told", "peer", "place"),
    [
        ({"k8s.namespace.name": "shop", "k8s.pod.name": "cart-x"}, "", POD),
        ({"k8s.namespace.name": "shop", "k8s.pod.name": "cart-x", "k8s.container.name": "main"}, "", CONTAINER),
        ({"k8s.pod.uid": "8a7b"}, "", POD),
        ({"k8s.pod.uid": "8a7b", "k8s.container.name": "main"}, "", CONTAINER),
        ({"container.id": "c0ffee"}, "", CONTAINER),
        ({}, IP, POD),
        ({"host.name": "cart-x"}, IP, POD),
        ({"service.namespace": "other", "container.id": "c0ffee"}, OTHER, CONTAINER),
    ],
)
def test_whatever_a_resource_tells_it_is_one_service_in_its_pod(world, told, peer, place):
    world.learn()
    world.hear({"service.name": "cart", **told}, server(), peer=peer)
    assert world.flush().get(SERVICE, "request_rate") == pytest.approx(0.1)
    assert services(world) == {SERVICE}
    assert world.topology.entities[SERVICE].name == "cart"
    assert f"{SERVICE} runs_on {place}" in world.relations
    assert world.of_type("Pod") == {POD}
    assert world.of_type("Operation") == {"Operation:shop/cart-deploy:{other}"}
    assert not world.of_type("Node")


def test_a_container_beside_the_main_one_is_a_service_of_its_own(world):
    world.learn()
    told = {"k8s.namespace.name": "shop", "k8s.pod.name": "cart-x", "k8s.container.name": "proxy"}
    world.hear({"service.name": "envoy", **told}, server())
    world.flush()
    assert services(world) == {"Service:shop/cart-deploy-proxy"}


def test_a_service_that_does_not_name_itself_is_called_by_its_workload(world):
    world.learn()
    world.hear({"service.name": "unknown_service:python", "k8s.pod.uid": "8a7b"}, server())
    world.flush()
    assert world.topology.entities[SERVICE].name == "cart-deploy"


def test_what_is_known_late_ends_as_if_it_had_been_known_before(world):
    resource = {"service.name": "cart", "host.name": "cart-x"}
    world.hear(resource, server(), client({"server.address": OTHER, "server.port": 80}), peer=IP)
    world.flush()
    assert services(world) == {"Service:cart"}
    world.learn()
    world.flush()
    assert services(world) == set()
    world.hear(resource, server(), client({"server.address": OTHER, "server.port": 80}), peer=IP)
    assert world.flush().get(SERVICE, "request_rate") == pytest.approx(0.1)
    fresh = Cluster(Pipeline(OtlpConfig(), NOW, Aliases()))
    fresh.learn()
    fresh.hear(resource, server(), client({"server.address": OTHER, "server.port": 80}), peer=IP)
    fresh.flush()
    assert set(world.entities) == set(fresh.entities)


def test_who_names_its_place_need_not_speak_again(world):
    world.hear({"service.name": "cart", "k8s.pod.uid": "8a7b"}, server())
    world.flush()
    world.learn()
    world.flush()
    assert services(world) == {SERVICE}
    assert world.topology.entities[SERVICE].name == "cart"


def test_an_address_that_goes_to_another_pod_is_that_one_from_then_on(world):
    world.learn()
    world.hear({"service.name": "cart"}, server(), peer=IP)
    world.flush()
    world.unlearn(f"Pod:{IP}")
    world.learn({f"Pod:{IP}": "Pod:shop/web-x"})
    world.flush()
    world.hear({"service.name": "web"}, server(), peer=IP)
    world.flush()
    assert services(world) == {"Service:shop/web"}


def test_a_collector_that_passes_on_what_others_say_is_not_where_they_are(world):
    world.learn()
    world.hear({"service.name": "a"}, server(), peer=IP)
    world.hear({"service.name": "b"}, server(), peer=IP)
    world.flush()
    world.hear({"service.name": "a"}, server(), peer=IP)
    world.flush()
    assert services(world) == {"Service:a", "Service:b"}


def test_of_two_names_of_one_container_the_first_is_shown(world):
    world.learn()
    for _ in range(2):
        world.hear({"service.name": "cart", "container.id": "c0ffee"}, server())
        world.hear({"service.name": "worker", "container.id": "c0ffee"}, server())
        world.flush()
        assert world.topology.entities[SERVICE].name == "cart"
    assert not world.last.entities


@pytest.mark.parametrize("address", [IP, "cart-svc", "cart-svc.shop", "cart-svc.shop.svc.cluster.local"])
def test_who_answers_at_an_address_is_called_at_once(world, address):
    world.learn()
    calling = client({"server.address": address, "server.port": 8080})
    world.hear({"service.name": "web"}, calling, peer=OTHER)
    world.flush(after=0.1)
    assert f"Service:shop/web calls {SERVICE}" in world.relations
    assert not world.of_type("ExternalService")


def test_a_database_is_known_by_the_service_that_it_is(world):
    world.learn()
    statement = {"db.system.name": "postgresql", "server.address": "db", "server.port": 5432, "db.namespace": "orders"}
    world.hear({"service.name": "web"}, client(statement), peer=OTHER)
    world.flush()
    assert world.of_type("Database") == {"Database:postgresql/shop/db/orders"}


def test_short_names_mean_nothing_to_those_whose_namespace_is_not_known(world):
    world.learn()
    world.hear({"service.name": "web"}, client({"server.address": "cart-svc", "server.port": 80}))
    world.flush()
    world.flush(after=60.0)
    assert world.of_type("ExternalService") == {"ExternalService:cart-svc:80"}
