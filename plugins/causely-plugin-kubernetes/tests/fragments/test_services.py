"""What services and their slices say of the topology."""

from causely_plugin_kubernetes.fragments.services import endpoint_slice, service

from causely_core.model import Relation

from .objects import made


def test_a_service_selects_the_pods_of_its_slices():
    targets = [{"targetRef": {"kind": "Pod", "name": name}} for name in ("a", "b", "a")]
    others = [{"targetRef": {"kind": "Node", "name": "n"}}, {}]
    found = made("cart-1", labels={"kubernetes.io/service-name": "cart"})
    assert endpoint_slice({**found, "endpoints": [*targets, *others]}).relations == (
        Relation("Service:shop/cart", "selects", "Pod:shop/a"),
        Relation("Service:shop/cart", "selects", "Pod:shop/b"),
    )
    assert not endpoint_slice({**made("alone"), "endpoints": targets}).relations
    assert not endpoint_slice({**found, "endpoints": None}).relations


def test_a_name_for_a_host_outside_is_no_service_of_its_own():
    found = service(made("orders-db", spec={"type": "ExternalName", "externalName": "Orders.rds.example."}))
    assert (found.entities, found.selection) == ((), None)
    assert found.relations == (
        Relation("ExternalService:orders-db.shop", "same_as", "ExternalService:orders.rds.example"),
        Relation("Service:shop/orders-db", "same_as", "ExternalService:orders.rds.example"),
    )
