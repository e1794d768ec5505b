"""Names of the services that pods are, by what is written in Kubernetes."""

import pytest

from causely_core.host import main_of, services_of

ANNOTATION = "resource.opentelemetry.io/service.name"
MAIN = "kubectl.kubernetes.io/default-container"
OWNED = {
    "labels": {"pod-template-hash": "5d4f"},
    "ownerReferences": [{"kind": "ReplicaSet", "name": "cart-deploy-5d4f", "controller": True}],
}


def container(name, **env):
    return {"name": name, "env": [{"name": variable, "value": value} for variable, value in env.items()]}


def pod(*containers, **about):
    return {"metadata": {"name": "cart-x", **about}, "spec": {"containers": list(containers)}}


@pytest.mark.parametrize(
    ("found", "services"),
    [
        (pod(container("main"), **OWNED), {"main": "cart-deploy"}),
        (pod(container("main")), {"main": "cart-x"}),
        (pod(container("main"), container("proxy"), **OWNED), {"main": "cart-deploy", "proxy": "cart-deploy-proxy"}),
        (
            pod(container("proxy"), container("main"), **OWNED, annotations={MAIN: "main"}),
            {"main": "cart-deploy", "proxy": "cart-deploy-proxy"},
        ),
        (pod(container("main"), **OWNED, annotations={ANNOTATION: "cart"}), {"main": "cart"}),
        (
            pod(container("main", OTEL_SERVICE_NAME="cart"), container("proxy"), **OWNED),
            {"main": "cart", "proxy": "cart-proxy"},
        ),
        (pod(container("main", OTEL_RESOURCE_ATTRIBUTES="a=b,service.name=cart"), **OWNED), {"main": "cart"}),
        (pod(container("main", OTEL_SERVICE_NAME="$(NAME)"), **OWNED), {"main": "cart-deploy"}),
        (
            pod(container("main"), container("proxy", OTEL_SERVICE_NAME="envoy"), **OWNED),
            {"main": "cart-deploy", "proxy": "envoy"},
        ),
        (
            {"metadata": {"name": "proxy-n1"}, "spec": {"nodeName": "n1", "containers": [container("main")]}},
            {"main": "proxy"},
        ),
    ],
)
def test_each_container_is_one_service(found, services):
    assert services_of(found) == services
    assert main_of(found) == "main"


def test_the_template_of_a_workload_names_what_its_pods_are():
    template = {"metadata": {"labels": {"app": "cart"}}, "spec": {"containers": [container("main")]}}
    assert services_of(template, "cart-deploy") == {"main": "cart-deploy"}


def test_a_variable_without_a_value_says_nothing():
    found = pod({"name": "main", "env": [{"name": "OTEL_SERVICE_NAME", "valueFrom": {"fieldRef": {}}}]}, **OWNED)
    assert services_of(found) == {"main": "cart-deploy"}
