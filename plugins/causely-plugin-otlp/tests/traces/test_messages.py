"""Queues and topics, backlogs and ages."""

import pytest
from causely_plugin_otlp.config import OtlpConfig

from .telling import CLIENT, CONSUMER, NOW, PRODUCER, World, new_id, span

ORDERS, MAILER = {"service.name": "orders"}, {"service.name": "mailer"}
SENT = {"messaging__system": "rabbitmq", "messaging__destination__name": "mails"}
QUEUE = "Queue:rabbitmq/mails"


def publish(**said):
    return span(PRODUCER, "publish mails", **{**SENT, **said})


def process(**said):
    return span(CONSUMER, "process mails", **{**SENT, "messaging__operation__type": "process", **said})


def test_a_queue_lies_between_producer_and_consumer():
    world, id = World(), new_id()
    world.tell(ORDERS, publish(id=id))
    world.tell(MAILER, process(parent=id, seconds=0.5))
    values = world.flush()
    assert world.entities[QUEUE].name == "mails"
    assert {("Service:orders", "produces_to", QUEUE), ("Service:mailer", "consumes_from", QUEUE)} <= world.relations
    assert values[QUEUE, "publish_rate"] == values[QUEUE, "process_rate"] == 0.5
    assert values["Service:mailer", "process_duration.p95"] == pytest.approx(0.5, rel=0.05)
    assert values["Operation:mailer:process mails", "request_count"] == 1.0


@pytest.mark.parametrize("consumer_first", [False, True])
@pytest.mark.parametrize("linked", [False, True])
def test_the_age_of_a_message(consumer_first, linked):
    world, id = World(), new_id()
    sent = (ORDERS, publish(id=id, start=NOW, seconds=1.0))
    known = {"links": [id]} if linked else {"parent": id}
    taken = (MAILER, process(start=NOW + 4.0, **known))
    for resource, told in (taken, sent) if consumer_first else (sent, taken):
        world.tell(resource, told)
    assert world.flush()[QUEUE, "message_age.p95"] == pytest.approx(3.0, rel=0.05)


def test_clocks_that_disagree_make_no_negative_age():
    world, id = World(), new_id()
    world.tell(ORDERS, publish(id=id, start=NOW + 7200.0))
    world.tell(MAILER, process(parent=id, start=NOW))
    assert world.flush()[QUEUE, "message_age.p95"] < 1e-5


def test_a_backlog_grows_when_consumers_fall_behind_and_only_then():
    world = World()
    for _ in range(50):  # the exporters' batches come in turns, the consumer's first
        world.tell(MAILER, *(process() for _ in range(10)))
        world.flush()
        world.tell(ORDERS, *(publish() for _ in range(10)))
        backlog = world.flush()[QUEUE, "backlog"]
    assert backlog <= 10.0
    for _ in range(5):
        world.tell(ORDERS, *(publish() for _ in range(10)))
        backlog = world.flush()[QUEUE, "backlog"]
    assert backlog >= 40.0


def test_without_a_consumer_that_reports_no_backlog_is_claimed():
    world = World()
    world.tell(ORDERS, publish())
    assert (QUEUE, "backlog") not in world.flush()


def test_a_consumer_that_only_takes_messages_processes_none():
    world = World()
    world.tell(MAILER, span(CLIENT, "receive", **SENT, messaging__operation="receive"))
    values = world.flush()
    assert ("Service:mailer", "consumes_from", QUEUE) in world.relations
    assert (QUEUE, "process_rate") not in values


def test_the_older_conventions_topics_and_temporary_destinations():
    world = World()
    world.tell(ORDERS, span(PRODUCER, "send", messaging__system="kafka", messaging__destination="events"))
    world.tell(
        ORDERS,
        span(
            PRODUCER, "send", messaging__system="rabbitmq", messaging__destination__name="amq.gen-1",
            messaging__destination__temporary=True,
        ),
    )  # fmt: skip
    world.flush()
    assert world.names("Topic") == ["events"]
    assert world.names("Queue") == ["(temporary)"]


def test_what_could_not_be_published_is_in_no_queue():
    world = World()
    world.tell(ORDERS, publish(error="broker is gone"), publish())
    assert world.flush()[QUEUE, "publish_rate"] == 0.5


def test_messages_on_their_way_are_bounded():
    world = World(OtlpConfig(max_pending_spans=10))
    ids = [new_id() for _ in range(20)]
    world.tell(ORDERS, *(publish(id=id) for id in ids))
    world.tell(MAILER, *(process(parent=id, start=NOW + 1) for id in ids))
    values = world.flush()
    assert values[QUEUE, "publish_rate"] == values[QUEUE, "process_rate"] == 10.0
