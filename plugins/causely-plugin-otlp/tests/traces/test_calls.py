"""Who calls whom: pairs of spans, and addresses when only one side reports."""

import pytest

from ..builders import GET, World, client, failure, new_id, part, request, server

CART, SHOP, EDGE = "Service:cart", "Service:shop", "Service:shop calls Service:cart"
ASKED = "Dependency:shop > Service:cart"
AT_CART = {**GET, "server.address": "cart", "server.port": 8080}
EXTERNAL = "ExternalService:cart:8080"


@pytest.fixture
def world():
    return World.of()


def pair():
    id = new_id()
    return part("shop", client(AT_CART, id=id)), part("cart", server(GET, parent=id))


def send(world, *parts):
    return world.fold(request(*parts).SerializeToString())


def introduce(world):
    """Let it be known that the cart answers at its address."""
    send(world, *pair())
    world.flush()


@pytest.mark.parametrize("order", [1, -1], ids=["client first", "server first"])
@pytest.mark.parametrize("together", [True, False])
def test_two_sides_pair_by_span_id(world, order, together):
    parts = pair()[::order]
    for sent in [parts] if together else [[each] for each in parts]:
        send(world, *sent)
    assert world.flush().get(ASKED, "request_count") == 1
    assert EDGE in world.relations
    assert not world.of_type("ExternalService")


@pytest.mark.parametrize("order", [1, -1], ids=["client first", "server first"])
def test_two_sides_pair_although_a_flush_comes_between(world, order):
    first, second = pair()[::order]
    send(world, first)
    assert world.flush(after=2.0).get(ASKED, "request_count") is None
    send(world, second)
    assert world.flush(after=2.0).get(ASKED, "request_count") == 1
    assert not world.of_type("ExternalService")


def test_a_call_edge_is_a_dependency_of_the_caller_on_the_callee(world):
    send(world, *pair())
    world.flush()
    assert world.topology.entity(ASKED).name == "shop > cart"
    assert {f"{ASKED} part_of {SHOP}", f"{ASKED} calls {CART}"} <= world.relations
    modes = {r.source: r.attributes for r in world.topology.relations if r.type == "calls"}
    assert modes == {SHOP: {"mode": "sync"}, ASKED: {"mode": "sync"}}


def test_each_caller_sees_its_own_calls(world):
    for caller, seconds, status in (("shop", 0.3, failure()), ("app", 0.1, None)):
        id = new_id()
        world.tell(caller, client(AT_CART, id=id, seconds=seconds, status=status))
        world.tell("cart", server(GET, parent=id, seconds=0.05))
    values = world.flush()
    seen = {each: values.of(f"Dependency:{each} > {CART}") for each in ("shop", "app")}
    assert [seen[each]["request_count"] for each in seen] == [1, 1]
    assert [seen[each]["error_rate"] for each in seen] == [1.0, 0.0]
    assert [seen[each]["request_duration.avg"] for each in seen] == pytest.approx([0.3, 0.1])
    assert values.get(CART, "request_duration.avg") == pytest.approx(0.05)


def test_the_names_in_a_dependency_are_those_of_its_ends(world):
    caller, id = {"service.name": "shop", "service.namespace": "red"}, new_id()
    world.tell(caller, client(AT_CART, id=id))
    world.tell({"service.name": "cart", "service.namespace": "blue"}, server(GET, parent=id))
    world.flush()
    (asked,) = world.of_type("Dependency")
    assert asked == "Dependency:red/shop > Service:blue/cart"
    assert world.topology.entity(asked).name == "shop > cart"


def test_a_dependency_that_falls_silent_is_deleted_although_its_ends_are_not():
    world = World.of(entity_ttl=60.0)
    send(world, *pair())
    world.flush()
    assert ASKED in world.entities
    for _ in range(4):
        world.tell("shop", server(GET))
        world.tell("cart", server(GET))
        values = world.flush(after=30.0)
    assert {CART, SHOP} <= world.entities
    assert not world.of_type("Dependency")
    assert not any(" calls " in relation for relation in world.relations)
    assert values.of(ASKED) == {}


def test_without_room_for_a_dependency_the_edge_is_told_all_the_same():
    world = World.of(max_entities=3, entity_ttl=60.0)
    for _ in range(4):
        send(world, *pair())
        values = world.flush(after=30.0)
        assert EDGE in world.relations
        assert not world.of_type("Dependency")
        assert (values.get(CART, "call_count"), values.of(ASKED)) == (1, {})


def test_a_pair_without_any_address_is_an_edge(world):
    id = new_id()
    world.tell("shop", client(id=id))
    world.tell("cart", server(parent=id))
    world.flush()
    assert EDGE in world.relations


def test_a_service_that_calls_itself_is_no_edge(world):
    id = new_id()
    world.tell("cart", client(AT_CART, id=id), server(GET, parent=id))
    world.flush()
    assert not world.relations & {"Service:cart calls Service:cart"}


def test_a_call_that_nobody_answers_for_is_not_told_before_the_wait_is_over(world):
    world.tell("shop", client(AT_CART))
    world.flush(after=2.0)
    assert not world.of_type("ExternalService")
    world.flush(after=10.0)
    assert world.of_type("ExternalService") == {EXTERNAL}


@pytest.mark.parametrize(
    ("attributes", "external"),
    [
        ({"peer.service": "stripe", "server.address": "api.stripe.com"}, "stripe"),
        ({"service.peer.name": "stripe"}, "stripe"),
        ({"server.address": "api.stripe.com", "server.port": 443}, "api.stripe.com:443"),
        ({"server.address": "api.stripe.com"}, "api.stripe.com"),
        ({"net.peer.name": "api.stripe.com", "net.peer.port": 443}, "api.stripe.com:443"),
        ({"network.peer.address": "10.1.2.3"}, "10.1.2.3"),
        ({"url.full": "https://api.stripe.com/v1/charges?card=4242"}, "api.stripe.com"),
        ({"http.url": "https://me:secret@api.stripe.com:8443/v1"}, "api.stripe.com:8443"),
        ({"rpc.system": "grpc", "rpc.service": "ads.Ads", "rpc.method": "Get"}, "ads.Ads"),
    ],
)
def test_an_external_service_is_known_by_what_the_client_says(world, attributes, external):
    world.tell("shop", client({**GET, **attributes}, seconds=0.2))
    values = world.flush(after=10.0)
    id = f"ExternalService:{external}"
    assert world.of_type("ExternalService") == {id}
    assert f"Service:shop calls {id}" in world.relations
    assert values.get(f"Dependency:shop > {id}", "request_duration.avg") == pytest.approx(0.2)
    assert values.get(id, "request_count") == 1


@pytest.mark.parametrize("url", ["", "not a url", "http://[::1", "http://host:99999999/", "/only/a/path"])
def test_a_call_to_no_readable_address_is_no_edge(world, url):
    world.tell("shop", client({**GET, "url.full": url}))
    world.flush()
    assert world.entities == {SHOP}


def test_an_external_service_becomes_the_service_whose_spans_show_up(world):
    world.tell("shop", client(AT_CART))
    world.flush()
    send(world, *pair())
    world.flush()
    assert world.last.deleted_entities == (EXTERNAL, f"Dependency:shop > {EXTERNAL}")
    assert EDGE in world.relations
    assert not any(EXTERNAL in relation for relation in world.relations)
    world.tell("shop", client(AT_CART))
    world.flush()
    assert not world.of_type("ExternalService")


def test_an_external_service_is_counted_at_once_the_second_time(world):
    world.tell("shop", client(AT_CART))
    world.flush()
    world.tell("shop", client(AT_CART))
    assert world.flush(after=1.0).get(EXTERNAL, "call_count") == 1
    assert world.flush(after=10.0).get(EXTERNAL, "call_count") is None


@pytest.mark.parametrize(
    "died",
    [
        {"events": True},
        {"status": failure("dial tcp 10.0.0.7:8080: connect: connection refused")},
        {"values": {"error.type": "java.net.ConnectException"}},
    ],
    ids=["exception", "status", "error.type"],
)
def test_a_known_service_that_died_stays_that_service(world, died):
    introduce(world)
    told = {**AT_CART, **died.get("values", {})}
    for _ in range(4):
        world.tell("shop", client(told, status=died.get("status", failure()), events=_refused(died)))
    values = world.flush(after=1.0)
    assert values.get(CART, "unreachable_rate") == 1.0
    assert values.get(CART, "call_count") == values.get(ASKED, "request_count") == 4
    assert values.get(ASKED, "error_rate") == 1.0
    assert values.get(ASKED, "request_duration.p95") is None
    assert not world.of_type("ExternalService")


def _refused(died):
    from ..builders import exception

    told = exception(type="ConnectionError", message="[Errno 111] Connection refused")
    return [told] if died.get("events") else []


def test_a_service_silent_for_its_whole_life_is_still_known_by_its_address():
    world = World.of(entity_ttl=60.0)
    introduce(world)
    for _ in range(4):
        world.tell("shop", client(AT_CART, status=failure("connection refused")))
        values = world.flush(after=30.0)
    assert values.get(CART, "unreachable_rate") == 1.0
    assert CART in world.entities


def test_unreachable_counts_only_what_got_no_answer(world):
    introduce(world)
    world.tell("shop", client(AT_CART, status=failure("connection refused")))
    world.tell("shop", client({**AT_CART, "http.response.status_code": 503}, status=failure()))
    world.tell("shop", client({**AT_CART, "http.response.status_code": 200}), client(AT_CART))
    values = world.flush(after=1.0)
    assert values.get(CART, "unreachable_rate") == 0.25
    assert values.get(ASKED, "error_rate") == 0.5


def test_loopback_means_the_host_of_the_caller(world):
    shop = {"service.name": "shop", "host.name": "a"}
    other = {"service.name": "other", "host.name": "b"}
    at_home = {**GET, "server.address": "localhost", "server.port": 8080}
    id = new_id()
    world.tell(shop, client(at_home, id=id))
    world.tell("cart", server(GET, parent=id))
    world.tell(other, client(at_home))
    world.flush()
    assert {EDGE, "Service:other calls ExternalService:localhost:8080"} <= world.relations


def test_short_names_mean_the_namespace_of_the_caller(world):
    red = {"service.name": "shop", "k8s.namespace.name": "red"}
    blue = {"service.name": "shop", "k8s.namespace.name": "blue"}
    id = new_id()
    world.tell(red, client(AT_CART, id=id))
    world.tell("cart", server(GET, parent=id))
    world.tell(blue, client(AT_CART))
    world.flush()
    assert {"Service:red/shop calls Service:cart", f"Service:blue/shop calls {EXTERNAL}"} <= world.relations


def test_behind_a_gateway_each_call_goes_to_the_service_that_answered(world):
    at_gateway = {**GET, "server.address": "gateway.example.com"}
    for _ in range(3):
        for service in ("cart", "stock"):
            id = new_id()
            world.tell(service, server(GET, parent=id))
            world.tell("shop", client(at_gateway, id=id))
    values = world.flush()
    assert values.get(ASKED, "request_count") == 3
    assert values.get("Dependency:shop > Service:stock", "request_count") == 3


def test_spans_of_one_parent_do_not_keep_others_waiting_for_ever():
    world = World.of(max_pending_spans=50)
    parent = new_id()
    for _ in range(100):
        world.tell("cart", server(GET, parent=parent), server(GET, parent=new_id()))
        world.flush(after=2.0)
    assert world.pipeline.spans.overflowed == 0


def test_spans_beyond_the_limit_do_not_wait_and_are_counted():
    world = World.of(max_pending_spans=3)
    world.tell("shop", *(client(AT_CART) for _ in range(5)))
    assert world.pipeline.spans.overflowed == 1
    values = world.flush(after=1.0)
    assert values.get(EXTERNAL, "call_count") == 2
    assert world.flush().get(EXTERNAL, "call_count") == 3
