"""Operations of services: identifiers in their paths are found by how many there are."""

from causely_plugin_ebpf.operations import Operations

from causely_core.model import EntityId

CART, ORDERS = EntityId("Service:cart"), EntityId("Service:orders")


def test_names_that_turned_out_to_be_identifiers_are_void_once():
    operations = Operations()
    given = {operations.named(CART, f"GET /carts/user{number}") for number in range(30)}
    operations.named(ORDERS, "GET /carts/user1")
    void = set(operations.void())
    assert {name for _, name in void} == given - {"GET /carts/{id}"}
    assert {service for service, _ in void} == {CART}
    assert not list(operations.void())
    assert operations.named(CART, "DELETE /carts/ann") == "DELETE /carts/{id}"


def test_what_is_no_path_is_kept():
    assert Operations().named(CART, "shop.Cart/Add") == "shop.Cart/Add"
    assert Operations().named(CART, "OPTIONS *") == "OPTIONS *"


def test_a_service_that_is_gone_is_forgotten():
    operations = Operations()
    for number in range(30):
        operations.named(CART, f"GET /carts/user{number}")
    operations.keep({ORDERS})
    assert operations.named(CART, "GET /carts/ann") == "GET /carts/ann"
