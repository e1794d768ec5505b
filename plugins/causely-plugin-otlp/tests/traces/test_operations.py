"""The operations that server spans tell of."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..builders import GET, World, server

GRPC = {"rpc.system": "grpc", "rpc.service": "shop.Cart", "rpc.method": "Add"}
IDENTIFIERS = st.one_of(
    st.integers(0, 10**18).map(str),
    st.uuids().map(str),
    st.builds("{}@example.com".format, st.integers(0, 10**6)),
    st.integers(0, 10**6).map(lambda n: f"order-{n}"),
)


def operations(values, **fields):
    world = World.of()
    world.tell("cart", server(values, **fields))
    world.flush()
    return {id.removeprefix("Operation:cart:") for id in world.of_type("Operation")}


@given(IDENTIFIERS, st.sampled_from(["url.path", "http.target", "url.full", "name"]))
def test_identifiers_do_not_survive_whichever_attribute_has_the_path(identifier, where):
    path = f"/users/{identifier}/cart"
    if where == "name":
        found = operations(GET, name=f"GET {path}")
    else:
        found = operations({**GET, where: f"http://cart:80{path}" if where == "url.full" else path}, name="GET")
    assert found == {"GET /users/{id}/cart"}


@given(st.text(max_size=300))
def test_any_span_name_gives_a_short_printable_name(text):
    (name,) = operations({}, name=text)
    assert name
    assert name.isprintable()
    assert len(name) <= 97


@pytest.mark.parametrize(
    ("values", "name", "operation"),
    [
        ({**GET, "http.route": "/users/:id"}, "whatever", "GET /users/:id"),
        ({"http.method": "GET", "http.route": "/old"}, "", "GET /old"),
        ({"http.request.method": "BREW", "http.route": "/pot"}, "", "HTTP /pot"),
        (GET, "GET", "GET"),
        (GRPC, "whatever", "shop.Cart/Add"),
        ({"rpc.system.name": "grpc", "rpc.method": "shop.Cart/Add"}, "", "shop.Cart/Add"),
        ({"rpc.system.name": "grpc", "rpc.service": "shop.Cart", "rpc.method": "shop.Cart/Add"}, "", "shop.Cart/Add"),
        ({"rpc.method": "Add"}, "", "Add"),
        ({}, "CartService.Add", "CartService.Add"),
    ],
)
def test_the_operation_of_a_server_span(values, name, operation):
    assert operations(values, name=name) == {operation}


def test_a_uuid_in_a_span_name_makes_one_operation_of_many():
    world = World.of()
    world.tell("cart", *(server(GET, name=f"GET /carts/{UUID(int=n)}") for n in range(50)))
    assert world.flush().get("Operation:cart:GET /carts/{id}", "request_count") == 50


def test_operations_beyond_the_limit_are_counted_as_other():
    world = World.of(max_operations_per_service=3)
    world.tell("cart", *(server({**GET, "http.route": f"/{letter}"}) for letter in "abcdefgh"))
    world.tell("shop", server({**GET, "http.route": "/a"}))
    values = world.flush()
    mine = {id for id in world.of_type("Operation") if id.startswith("Operation:cart:")}
    assert mine == {*(f"Operation:cart:GET /{letter}" for letter in "abc"), "Operation:cart:{other}"}
    assert values.get("Operation:cart:{other}", "request_count") == 5
    assert values.get("Service:cart", "request_count") == 8
    assert "Operation:shop:GET /a" in world.entities
