"""The pipeline as a whole: however the same spans arrive, the same comes out."""

import itertools

import pytest
from causely_plugin_otlp.errors import BadPayload
from causely_plugin_otlp.signals import Signal
from hypothesis import given, settings
from hypothesis import strategies as st

from causely_core.model import Topology

from .builders import GET, NOW, World, client, consumer, failure, part, producer, request, server, span_id

HOPS = ("edge", "shop", "cart", "stock")
DATABASE = {"db.system.name": "postgresql", "server.address": "db", "db.namespace": "shop"}
QUEUE = {"messaging.system": "kafka", "messaging.destination.name": "mails"}


def hop(number, service, failed, status):
    """What ``service`` reports of one request, in which it calls the next service and its own stores."""
    at, id = HOPS.index(service), number * 10
    values = {**GET, "http.route": f"/{service}/{{id}}", "http.response.status_code": 500 if failed else 200}
    spans = [server(values, id=span_id(id + at), parent=span_id(id + at + 4) if at else b"", status=status)]
    if at + 1 < len(HOPS):
        to = {**GET, "server.address": HOPS[at + 1]}
        spans.append(client(to, id=span_id(id + at + 5), seconds=0.2, status=status))
    spans += [client(DATABASE, name="SELECT orders"), client({**GET, "server.address": "api.example.com"})]
    spans.append(producer(QUEUE) if at % 2 else consumer(QUEUE))
    return [(service, span) for span in spans]


def traces(outcomes):
    told = []
    for number, failed in enumerate(outcomes):
        for service in HOPS:
            told += hop(number, service, failed, failure() if failed else None)
    return told


def fold(batches, flushes=frozenset()):
    """Fold batches of spans; the topology in the end, and the sums of all counts."""
    world, counts = World.of(), {}

    def flush(after):
        for key, value in world.flush(after).all.items():
            if key[1] in ("request_count", "call_count"):
                counts[key] = counts.get(key, 0) + value

    for at, batch in enumerate(batches):
        world.fold(request(*(part(service, span) for service, span in batch)).SerializeToString())
        if at in flushes:
            flush(after=0.5)
    flush(after=10.0)
    return world.entities, world.relations, {key: count for key, count in counts.items() if count}


OUTCOMES = st.lists(st.booleans(), min_size=1, max_size=3)


@given(OUTCOMES, st.sets(st.integers(0, 80)), st.sets(st.integers(0, 8), max_size=4))
@settings(deadline=None)
def test_batches_do_not_matter(outcomes, cuts, flushes):
    told = traces(outcomes)
    edges = [0, *sorted(cut for cut in cuts if cut < len(told)), len(told)]
    batches = [told[start:end] for start, end in itertools.pairwise(edges)]
    assert fold(batches, flushes) == fold([told])


@given(OUTCOMES, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_order_does_not_matter(outcomes, random):
    told = traces(outcomes)
    shuffled = random.sample(told, len(told))
    assert fold([[each] for each in shuffled]) == fold([told])


def test_the_graph_of_it_all():
    entities, relations, counts = fold([traces([False, True])])
    calls = {relation for relation in relations if " calls Service:" in relation}
    hops = [(f"Service:{a}", f"Service:{b}", f"Dependency:{a} > Service:{b}") for a, b in itertools.pairwise(HOPS)]
    assert calls == {f"{caller} calls {b}" for a, b, edge in hops for caller in (a, edge)}
    assert {f"{edge} part_of {a}" for a, _, edge in hops} <= relations
    assert {"Database:postgresql/db/shop", "Topic:kafka/mails", "ExternalService:api.example.com"} <= entities
    assert counts["Dependency:shop > Service:cart", "request_count"] == 2
    assert counts["Database:postgresql/db/shop", "request_count"] == 8


def test_the_snapshot_is_what_the_deltas_add_up_to():
    world = World.of()
    for service, span in traces([False]):
        world.tell(service, span)
        world.flush(after=1.0)
    world.flush()
    fresh = Topology()
    fresh.apply(world.pipeline.topology.snapshot())
    assert (fresh.entities, fresh.relations) == (world.topology.entities, world.topology.relations)


def test_what_is_silent_is_deleted_and_may_come_back():
    world = World.of(entity_ttl=60.0)
    told = traces([False])
    for _ in range(3):
        for service, span in told:
            world.tell(service, span)
        values = world.flush()
        assert values.get("Service:cart", "request_count") == 1
        assert values.get("Database:postgresql/db/shop", "request_count") == 4
        world.flush(after=120.0)
        assert world.entities == set()
        assert world.relations == set()
        assert world.flush().all == {}


def test_what_goes_on_is_not_deleted_with_the_rest():
    world = World.of(entity_ttl=60.0)
    world.tell("shop", server(GET, name="GET /a"))
    for _ in range(10):
        world.tell("cart", server(GET, name="GET /b"))
        values = world.flush()
    assert world.entities == {"Service:cart", "Operation:cart:GET /b"}
    assert values.get("Service:cart", "request_count") == 1


def test_a_rate_is_of_the_time_since_the_last_flush():
    world = World.of()
    for after in (1.0, 4.0):
        world.tell("cart", *(server(GET) for _ in range(8)))
        assert world.flush(after).get("Service:cart", "request_rate") == 8 / after


def test_a_clock_that_stands_still_or_goes_back_breaks_nothing():
    world = World.of()
    for after in (0.0, -3600.0, 10.0):
        world.tell("cart", server(GET))
        assert world.flush(after).get("Service:cart", "request_count") == 1


@pytest.mark.parametrize("signal", list(Signal))
def test_bytes_that_are_no_request_are_a_bad_payload(signal):
    with pytest.raises(BadPayload, match="not an Export"):
        World.of().pipeline.fold(signal, b"\x0a\xff", NOW)


@pytest.mark.parametrize("signal", list(Signal))
def test_no_bytes_are_an_empty_request(signal):
    outcome = World.of().pipeline.fold(signal, b"", NOW)
    assert (outcome.accepted, outcome.message) == (0, "")
