"""Names of Docker's containers."""

import json

import pytest

from causely_core.host import ContainerInfo, Machine

from .trees import ID


def keep(tree, **config):
    tree.write(f"var/lib/docker/containers/{ID}/config.v2.json", json.dumps(config))


def owner(tree):
    tree.process(5, "/app/server", cgroup=f"0::/system.slice/docker-{ID}.scope")
    return Machine.of(tree.root, "vm").owners.of(5)


def test_a_service_of_a_compose_file(tree):
    labels = {"com.docker.compose.service": "cart"}
    keep(tree, Name="/shop-cart-1", Config={"Image": "shop/cart:1", "Labels": labels, "Env": ["PASSWORD=hush"]})
    found = Machine.of(tree.root, "vm").owners.pods.by_container(ID)
    assert found == ContainerInfo(ID, "shop-cart-1", "shop/cart:1", "cart")
    container = next(entity for entity in owner(tree).entities if entity.type == "Container")
    assert (container.id, container.name) == (f"Container:{ID}", "shop-cart-1")
    assert owner(tree).service == "Service:cart"


def test_a_container_by_itself(tree):
    keep(tree, Name="/till", Config={"Labels": None})
    assert owner(tree).service == "Service:till"


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", "7", '{"Name": "/x", "Config": [1]}'])
def test_a_file_of_another_shape_is_as_none(tree, content):
    tree.write(f"var/lib/docker/containers/{ID}/config.v2.json", content)
    assert owner(tree).service == "Service:server"
