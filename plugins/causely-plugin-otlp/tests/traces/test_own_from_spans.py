"""What services take and fail by themselves, out of the spans of both sides."""

import pytest

from ..builders import GET, World, client, consumer, failure, new_id, producer, server

CART, SHOP = "Service:cart", "Service:shop"
AT_CART = {**GET, "server.address": "cart"}
POSTGRES = {"db.system.name": "postgresql", "server.address": "pg", "db.namespace": "shop"}
MAILS = {"messaging.system": "rabbitmq", "messaging.destination.name": "mails"}
SELF = ("request_duration.self", "error_rate.self")


@pytest.fixture
def world():
    return World.of()


def own(values, service=SHOP):
    return tuple(values.get(service, attribute) for attribute in SELF)


def test_a_caller_has_what_its_calls_leave_of_its_requests(world):
    id = new_id()
    world.tell("shop", client(AT_CART, id=id, seconds=0.3), server(GET, seconds=0.4))
    world.tell("shop", client(AT_CART, seconds=0.1, status=failure()), server(GET, seconds=0.2, status=failure()))
    world.tell("shop", server(GET, seconds=0.3, status=failure()), server(GET, seconds=0.3))
    world.tell("cart", server(GET, parent=id, seconds=0.2))
    values = world.flush()
    assert own(values) == (pytest.approx((1.2 - 0.4) / 4), 0.25)
    assert own(values, CART) == (None, None)
    assert {entity for entity, attribute in values.all if attribute in SELF} == {SHOP}


@pytest.mark.parametrize(
    "attributes",
    [
        POSTGRES,
        {**POSTGRES, "db.operation.name": "SELECT", "db.collection.name": "orders"},
        {"db.system.name": "redis", "server.address": "redis"},
        {**GET, "server.address": "api.stripe.com"},
        GET,
    ],
    ids=["database", "read", "cache", "external", "no address"],
)
def test_calls_of_every_kind_count_once_and_at_once(world, attributes):
    world.tell("shop", client(attributes, seconds=0.3, status=failure()), server(GET, seconds=0.4, status=failure()))
    assert own(world.flush(after=1.0)) == (pytest.approx(0.1), 0.0)
    world.tell("shop", server(GET, seconds=0.4))
    assert own(world.flush()) == (pytest.approx(0.4), 0.0)


def test_a_timeout_is_no_time_of_the_caller(world):
    refused = failure("connection refused")
    world.tell("shop", client(AT_CART, seconds=5.0, status=refused), server(GET, seconds=5.1, status=failure()))
    assert own(world.flush()) == (pytest.approx(0.1), 0.0)


def test_messages_are_nothing_that_a_request_waits_for(world):
    world.tell("shop", producer(MAILS, seconds=0.3), consumer(MAILS, seconds=0.3), server(GET, seconds=0.4))
    assert own(world.flush()) == (None, None)


def test_a_worker_has_what_its_calls_leave_of_its_messages(world):
    message = consumer(MAILS, seconds=0.4)
    world.tell("mailer", client(AT_CART, seconds=0.3), message)
    world.tell("mailer", consumer(MAILS, seconds=0.2))
    assert world.flush().get("Service:mailer", "process_duration.self") == pytest.approx((0.6 - 0.3) / 2)


def test_of_a_service_that_serves_requests_too_nobody_knows_what_its_calls_were_for(world):
    world.tell("shop", client(AT_CART, seconds=0.3), consumer(MAILS, seconds=0.4), server(GET, seconds=0.4))
    assert world.flush().get(SHOP, "process_duration.self") is None


def test_a_caller_tells_of_its_calls_as_it_sees_them(world):
    world.tell("shop", client(AT_CART, seconds=0.3), client(POSTGRES, seconds=0.3, status=failure()))
    values = world.flush(after=10.0)
    sent = ("client_request_rate", "client_request_count", "client_error_rate", "client_request_duration.p95")
    assert [values.get(SHOP, each) for each in sent] == [0.2, 2.0, 0.5, pytest.approx(0.3, rel=0.03)]


def test_a_service_that_calls_itself_waits_for_itself(world):
    id = new_id()
    world.tell("shop", client(GET, id=id, seconds=0.3), server(GET, parent=id, seconds=0.3), server(GET, seconds=0.5))
    assert own(world.flush()) == (pytest.approx(0.25), 0.0)


def test_a_caller_that_was_forgotten_starts_again():
    world = World.of(entity_ttl=60.0)
    world.tell("shop", client(AT_CART), server(GET))
    world.flush()
    world.flush(after=1000.0)
    world.tell("shop", server(GET))
    assert own(world.flush()) == (None, None)
    world.tell("shop", client(AT_CART, seconds=0.1), server(GET, seconds=0.3))
    assert own(world.flush()) == (pytest.approx(0.2), 0.0)
