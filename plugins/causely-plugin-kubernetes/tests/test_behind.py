"""Which services are behind Services of Kubernetes, whatever came first."""

from causely_plugin_kubernetes.behind import Behind
from causely_plugin_kubernetes.fragments import Fragment
from causely_plugin_kubernetes.fragments.fragment import Runs, Selection
from hypothesis import given, settings
from hypothesis import strategies as st

from causely_core.model import EntityId, Relation

LABELS = st.frozensets(st.sampled_from([("app", "cart"), ("app", "web"), ("tier", "back")]), max_size=2)


def running(name, labels, within="shop"):
    return Fragment(f"{within}/{name}", runs=Runs(frozenset(labels), EntityId(f"Service:{within}/{name}")))


def selecting(name, labels, within="shop"):
    itself, addresses = EntityId(f"Service:{within}/{name}"), (EntityId(f"ExternalService:{name}.{within}"),)
    return Fragment(f"{within}/{name}", selection=Selection(itself, frozenset(labels), addresses, ()))


def told(*fragments):
    found = Behind()
    for fragment in fragments:
        found.exchange(("runs" if fragment.runs else "selection", fragment.key), None, fragment)
    return {key: set(fragment.relations) for key, fragment in found.flush() if fragment}


def same(alias, target):
    return Relation(EntityId(alias), "same_as", EntityId(target))


CART = running("cart-deploy", {("app", "cart")})
SERVICE = selecting("cart-svc", {("app", "cart")})


def test_a_service_that_leads_to_one_is_that_one():
    assert told(CART, SERVICE, running("web", {("app", "web")})) == {
        "shop/cart-svc": {
            same("Service:shop/cart-svc", "Service:shop/cart-deploy"),
            same("ExternalService:cart-svc.shop", "Service:shop/cart-deploy"),
        }
    }


def test_a_service_that_is_called_like_what_it_leads_to_needs_no_other_name():
    assert told(CART, selecting("cart-deploy", {("app", "cart")})) == {
        "shop/cart-deploy": {same("ExternalService:cart-deploy.shop", "Service:shop/cart-deploy")}
    }


def test_a_service_that_leads_to_several_routes_to_each():
    canary = running("cart-canary", {("app", "cart"), ("track", "canary")})
    assert told(CART, canary, SERVICE) == {
        "shop/cart-svc": {
            same("ExternalService:cart-svc.shop", "Service:shop/cart-svc"),
            Relation(EntityId("Service:shop/cart-svc"), "routes_to", EntityId("Service:shop/cart-deploy")),
            Relation(EntityId("Service:shop/cart-svc"), "routes_to", EntityId("Service:shop/cart-canary")),
        }
    }


def test_a_service_does_not_take_the_name_of_another():
    crossed = selecting("web", {("app", "cart")})
    assert told(CART, running("web", {("app", "web")}), crossed) == {
        "shop/web": {same("ExternalService:web.shop", "Service:shop/cart-deploy")}
    }


def test_a_service_that_selects_nothing_here_stays_what_it_is():
    alone = {same("ExternalService:cart-svc.shop", "Service:shop/cart-svc")}
    assert told(running("cart", {("app", "cart")}, "other"), SERVICE) == {"shop/cart-svc": alone}
    assert told(CART, selecting("cart-svc", ())) == {"shop/cart-svc": alone}


@st.composite
def changes(draw):
    name, kind = draw(st.sampled_from(["a", "b", "c"])), draw(st.sampled_from(["runs", "selection"]))
    made = (running if kind == "runs" else selecting)(name, draw(LABELS), draw(st.sampled_from(["shop", "other"])))
    return (kind, made.key), draw(st.sampled_from([made, None]))


@settings(deadline=None)
@given(st.lists(changes(), max_size=12), st.integers(1, 4))
def test_what_is_told_in_the_end_is_what_holds(sequence, step):
    found, objects, kept = Behind(), {}, {}
    for number, (slot, fragment) in enumerate(sequence):
        found.exchange(slot, objects.get(slot), fragment)
        objects[slot] = fragment
        if number % step == 0:
            kept |= dict(found.flush())
    kept |= dict(found.flush())
    fresh = told(*filter(None, objects.values()))
    assert {key: set(fragment.relations) for key, fragment in kept.items() if fragment} == fresh
