"""What services and their slices say of the topology."""

from causely_plugin_kubernetes.fragments.services import endpoint_slice

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
