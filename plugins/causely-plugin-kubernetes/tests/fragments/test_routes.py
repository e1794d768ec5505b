"""What routes requests to services."""

import pytest
from causely_plugin_kubernetes.fragments.routes import gateway, gateway_route, ingress, virtual_service

from .objects import ids, made


def routes(fragment):
    return [(relation.source, relation.target) for relation in fragment.relations if relation.type == "routes_to"]


def test_an_ingress_routes_to_the_services_of_its_paths():
    paths = [{"path": "/", "backend": {"service": {"name": name}}} for name in ("web", "cart", "web")]
    spec = {
        "ingressClassName": "nginx",
        "defaultBackend": {"service": {"name": "web"}},
        "rules": [{"http": {"paths": paths}}, {"host": "none"}, {"http": {"paths": [{"backend": {"resource": {}}}]}}],
    }
    found = ingress(made("front", spec=spec))
    assert ids(found) == ["LoadBalancer:shop/Ingress/front"]
    assert routes(found) == [("LoadBalancer:shop/Ingress/front", f"Service:shop/{name}") for name in ("web", "cart")]
    assert found.entities[0].attributes == {
        "k8s.ingress.name": "front",
        "k8s.namespace.name": "shop",
        "k8s.ingressclass.name": "nginx",
    }


def test_a_gateway_routes_where_its_routes_say():
    assert ids(gateway(made("edge", spec={"gatewayClassName": "envoy"}))) == ["LoadBalancer:shop/Gateway/edge"]
    spec = {
        "parentRefs": [{"name": "edge"}, {"name": "own", "namespace": "infra"}, {"kind": "Service", "name": "mesh"}],
        "rules": [
            {"backendRefs": [{"name": "web", "port": 80}, {"name": "far", "namespace": "other"}]},
            {"backendRefs": [{"kind": "ServiceImport", "name": "x"}]},
            {},
        ],
    }
    found = gateway_route(made("web", spec=spec))
    assert not found.entities
    assert routes(found) == [
        (f"LoadBalancer:{balancer}", f"Service:{service}")
        for balancer in ("shop/Gateway/edge", "infra/Gateway/own")
        for service in ("shop/web", "other/far")
    ]


@pytest.mark.parametrize(
    ("host", "target"),
    [
        ("cart", ["Service:shop/cart"]),
        ("cart.other.svc.cluster.local", ["Service:other/cart"]),
        ("api.example.com", []),
        ("", []),
    ],
)
def test_a_virtual_service_routes_to_the_services_of_its_destinations(host, target):
    spec = {kind: [{"route": [{"destination": {"host": host}}]}] for kind in ("http", "tcp")}
    found = virtual_service(made("cart", spec=spec))
    assert ids(found) == ["LoadBalancer:shop/VirtualService/cart"]
    assert [to for _, to in routes(found)] == target


@pytest.mark.parametrize("of", [ingress, gateway, gateway_route, virtual_service])
def test_one_without_a_spec_routes_nowhere(of):
    assert routes(of({"metadata": {"name": "x", "namespace": "shop"}})) == []
