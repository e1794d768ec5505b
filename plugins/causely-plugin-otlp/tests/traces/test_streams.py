"""Producers and consumers: what the spans of both say about their queue, and what they must not make of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..builders import NOW, World, client, consumer, links, new_id, producer, server, span_id

SENT = {"messaging.system": "rabbitmq", "messaging.destination.name": "mails"}
QUEUE, ORDERS, MAILER = "Queue:rabbitmq/mails", "Service:orders", "Service:mailer"
PROCESS = {**SENT, "messaging.operation.type": "process"}


@pytest.fixture
def world():
    return World.of()


@pytest.mark.parametrize(
    "values",
    [
        {"messaging.operation.type": "receive"},
        {"messaging.operation": "receive"},
        {"messaging.operation.name": "poll"},
        {"messaging.operation.type": "settle", "messaging.operation.name": "ack"},
        {"messaging.operation.name": "commit"},
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", [client, consumer])
def test_taking_and_settling_is_neither_publishing_nor_processing(world, values, kind):
    world.tell("mailer", kind({**SENT, **values}))
    told = world.flush()
    assert world.relations == {f"{MAILER} consumes_from {QUEUE}"}
    assert told.of(QUEUE) == {}


def test_a_client_span_that_sends_publishes(world):
    world.tell("orders", client({**SENT, "messaging.operation.type": "send"}))
    assert world.flush().get(QUEUE, "publish_rate") == 0.1
    assert f"{ORDERS} produces_to {QUEUE}" in world.relations
    assert not world.of_type("Dependency")


def test_a_temporary_destination_names_no_operation(world):
    for number in range(3):
        values = {**PROCESS, "messaging.destination.name": f"amq.gen-{number}", "messaging.destination.temporary": True}
        world.tell("mailer", consumer(values))
    world.flush()
    assert world.of_type("Operation") == {"Operation:mailer:process (temporary)"}


def test_a_template_is_preferred_to_a_name(world):
    world.tell("orders", producer({**SENT, "messaging.destination.template": "mails.{user}"}))
    world.flush()
    assert world.of_type("Queue") == {"Queue:rabbitmq/mails.{user}"}


def test_spans_without_a_destination_make_no_queue(world):
    world.tell("orders", producer({"messaging.system": "rabbitmq"}), consumer({"messaging.system": "rabbitmq"}))
    world.flush()
    assert not world.of_type("Queue")


def test_a_server_span_with_a_destination_is_served_by_its_service(world):
    world.tell("mailer", server(SENT))
    assert world.flush().get(MAILER, "request_count") == 1
    assert not world.of_type("Queue")


def test_a_batch_has_the_age_of_each_of_its_messages(world):
    ids = [new_id() for _ in range(3)]
    for age, id in enumerate(ids, start=1):
        world.tell("orders", producer(SENT, id=id, start=NOW - age, seconds=0.0))
    world.tell("mailer", consumer(PROCESS, links=links(*ids)))
    assert world.flush().get(QUEUE, "message_age.p95") == pytest.approx(3.0, rel=0.05)


def test_links_and_parents_that_are_no_ids_are_passed_over(world):
    wrong = links(b"", b"short", b"x" * 10_000)
    assert world.tell("mailer", consumer(PROCESS, links=wrong), consumer(PROCESS, parent=b"short")).accepted == 2
    assert world.flush().get(QUEUE, "message_age.p95") is None


@pytest.mark.parametrize("missing", ["end_time_unix_nano", "start_time_unix_nano"])
def test_a_message_without_a_time_has_no_age(world, missing):
    id = new_id()
    sent, taken = producer(SENT, id=id), consumer(PROCESS, parent=id)
    setattr(sent if missing.startswith("end") else taken, missing, 0)
    world.tell("orders", sent)
    world.tell("mailer", taken)
    assert world.flush().get(QUEUE, "message_age.p95") is None


def test_a_message_is_remembered_for_minutes_and_not_for_ever():
    for minutes, remembered in ((5, True), (15, False)):
        world, id = World.of(entity_ttl=3600.0), new_id()
        world.tell("orders", producer(SENT, id=id, seconds=0.0))
        world.flush(after=60.0 * minutes)
        world.tell("mailer", consumer(PROCESS, parent=id, start=NOW + 60.0 * minutes))
        age = world.flush().get(QUEUE, "message_age.p95")
        assert (age == pytest.approx(60.0 * minutes, rel=0.05)) if remembered else age is None


@given(st.lists(st.integers(1, 20), min_size=1, max_size=25), st.integers(0, 2), st.booleans())
def test_exporters_that_report_late_make_no_backlog_that_stays(messages, late, consumer_late):
    """One side's spans come up to two flushes after the other's; in the end all were processed."""
    world = World.of()
    on_time, behind = [*messages, *[0] * late], [*[0] * late, *messages]
    published, processed = (on_time, behind) if consumer_late else (behind, on_time)
    for sent, taken in zip(published, processed, strict=True):
        world.tell("orders", *(producer(SENT) for _ in range(sent)))
        world.tell("mailer", *(consumer(PROCESS) for _ in range(taken)))
        backlog = world.flush(after=2.0).get(QUEUE, "backlog")
    assert backlog == 0


def test_a_backlog_is_what_was_published_and_not_processed(world):
    world.tell("orders", *(producer(SENT) for _ in range(10)))
    world.tell("mailer", *(consumer(PROCESS) for _ in range(4)))
    assert world.flush().get(QUEUE, "backlog") == 6
    assert world.flush().get(QUEUE, "backlog") == 6
    world.tell("mailer", *(consumer(PROCESS, id=span_id(10**6 + n)) for n in range(6)))
    assert world.flush().get(QUEUE, "backlog") == 0


def test_a_deleted_queue_takes_its_backlog_with_it():
    world = World.of(entity_ttl=60.0)
    world.tell("orders", *(producer(SENT) for _ in range(10)))
    world.tell("mailer", consumer(PROCESS))
    world.flush()
    world.flush(after=120.0)
    assert world.entities == set()
    world.tell("orders", producer(SENT))
    world.tell("mailer", consumer(PROCESS))
    assert world.flush().get(QUEUE, "backlog") == 0
