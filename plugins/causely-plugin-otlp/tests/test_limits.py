"""Whatever is sent, tables end somewhere."""

import gc
import tracemalloc

import pytest

from .builders import GET, World, client, consumer, failure, links, new_id, part, producer, request, server

MANY = 10_000
MIB = 1024 * 1024
QUEUE = {"messaging.system": "rabbitmq", "messaging.destination.name": "mails"}
REDIS = {"db.system.name": "redis", "server.address": "c"}


def test_entities_beyond_the_limit_are_refused_and_counted():
    world = World.of(max_entities=20)
    for number in range(50):
        world.tell(f"s{number}", server(GET, name="GET /a"), client(REDIS, name="GET"), producer(QUEUE))
    world.flush()
    assert len(world.entities) == 20
    assert world.pipeline.topology.refused > 0
    ends = {id for r in world.topology.relations for id in (r.source, r.target)}
    assert ends <= world.entities


def test_what_was_refused_is_taken_once_there_is_room():
    world = World.of(max_entities=2, entity_ttl=60.0)
    world.tell("old", server(GET, name="GET /a"))
    world.tell("new", server(GET, name="GET /a"))
    assert world.flush().get("Service:new", "request_count") is None
    for _ in range(10):
        world.tell("new", server(GET, name="GET /a"))
        values = world.flush()
    assert values.get("Service:new", "request_count") == 1
    assert world.entities == {"Service:new", "Operation:new:GET /a"}


def of_the_resource(n):
    return {"service.name": f"s{n}", "k8s.pod.name": f"p{n}"}, server(GET, name="GET /a")


def of_any_attribute(n):
    return "cart", server({**GET, f"k{n}": "v" * 200, "user": f"u{n}" * 20}, name="GET /a")


def of_the_route(n):
    return "cart", server({**GET, "http.route": f"/r{n}" * 10})


def of_the_name(n):
    return "cart", server({}, name=f"n{chr(97 + n % 26)}{n % 1000}.{n}" * 3)


def of_the_address(n):
    return "cart", client({**GET, "server.address": f"h{n}.example.com"}, status=failure("refused"))


def of_the_url(n):
    return "cart", client({**GET, "url.full": f"http://h{n}.example.com/{n}"})


def of_the_statement(n):
    values = {"db.system": "mysql", "net.peer.name": "db", "db.statement": f"select {n} " * 50}
    return "cart", client(values, name=f"select {n}")


def of_the_database(n):
    return "cart", client({"db.system": "mysql", "net.peer.name": f"db{n}", "db.name": f"n{n}"}, name="SELECT t")


def of_the_queue(n):
    values = {"messaging.system": "kafka", "messaging.destination.name": f"t{n}"}
    return "cart", (producer if n % 2 else consumer)(values, parent=new_id())


def of_the_parent(n):
    return "cart", server(GET, name="GET /a", parent=n.to_bytes(4, "big") * 512)


def of_the_links(n):
    return "cart", consumer(QUEUE, links=links(*(new_id() for _ in range(20)), b"x" * 999))


def narrow():
    return World.of(max_entities=1000, max_pending_spans=1000, max_operations_per_service=50)


def requests(varied, start, end, size=100):
    """Serialized one at a time, so that what is measured is not the input."""
    for at in range(start, end, size):
        yield request(*(part(*varied(n)) for n in range(at, at + size))).SerializeToString()


def traced():
    """Bytes that our code holds, whatever else runs in this process meanwhile: other tests leave threads behind."""
    ours = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(True, "*/causely_*")])
    return sum(each.size for each in ours.statistics("filename"))


def kept_after(world, *rounds):
    """Bytes that folding left behind after each round of requests."""
    kept = []
    tracemalloc.start()
    try:
        for round in rounds:
            for at, data in enumerate(round):
                assert world.fold(data).message == ""
                if at % 20 == 0:
                    world.flush(after=2.0)
            world.flush()
            gc.collect()  # which comes seldom by itself in a process in which many other tests have run
            kept.append(traced())
    finally:
        tracemalloc.stop()
    return kept


@pytest.mark.parametrize(
    "varied",
    [
        of_any_attribute, of_the_route, of_the_name, of_the_address, of_the_statement, of_the_database,
        of_the_queue, of_the_parent, of_the_links,
    ],
)  # fmt: skip
def test_ten_thousand_values_of_one_thing_stay_in_memory_that_is_bounded(varied):
    world = narrow()
    (kept,) = kept_after(world, requests(varied, 0, MANY))
    assert kept < 50 * MIB
    assert len(world.entities) <= 1000
    assert len(world.of_type("Operation")) <= 51 * (len(world.of_type("Service")) + len(world.of_type("Database")))


@pytest.mark.parametrize("varied", [of_the_resource, of_the_url])
def test_ten_thousand_more_need_no_more_memory(varied):
    world = narrow()
    before, after = kept_after(world, requests(varied, 0, MANY), requests(varied, MANY, 2 * MANY))
    assert before < 50 * MIB
    assert after - before < MIB
    assert len(world.entities) <= 1000


def long(n):
    return f"{n} " + "x" * 100_000


@pytest.mark.parametrize(
    "varied",
    [
        lambda n: ({"service.name": "cart", "note": long(n)}, server(GET)),
        lambda n: ({"service.name": long(n)}, server(GET)),
        lambda n: ("cart", server({}, name=long(n))),
        lambda n: ("cart", server({**GET, "http.route": long(n), "note": long(n)})),
        lambda n: ("cart", server(GET, name="GET /", parent=long(n).encode())),
        lambda n: ("cart", client({**GET, "server.address": long(n)}, status=failure(long(n)))),
        lambda n: ("cart", client({**GET, "url.full": f"http://{long(n)}"})),
        lambda n: ("cart", client(REDIS, name=f"GET {long(n)}")),
        lambda n: ("cart", consumer(QUEUE, parent=long(n).encode())),
        lambda n: ("cart", consumer(QUEUE, links=links(long(n).encode()))),
    ],
    ids=["resource", "service", "name", "attribute", "parent", "address", "url", "command", "message", "link"],
)
def test_long_values_are_not_kept(varied):
    (kept,) = kept_after(narrow(), requests(varied, 0, 100, size=1))
    assert kept < 2 * MIB


def test_resources_too_long_to_be_remembered_are_read_all_the_same():
    world = World.of()
    long = {"service.name": "cart", "note": "x" * 100_000}
    for _ in range(3):
        world.tell(long, server(GET))
    assert world.flush().get("Service:cart", "request_count") == 3


def test_more_signatures_than_are_remembered_still_count():
    world = World.of(max_operations_per_service=5)
    for start in range(0, 21_000, 1000):
        world.tell("cart", *(server({**GET, "http.route": f"/{n}"}) for n in range(start, start + 1000)))
    values = world.flush()
    assert values.get("Service:cart", "request_count") == 21_000
    assert values.get("Operation:cart:{other}", "request_count") == 20_995


def test_an_address_that_many_services_answer_at_keeps_working():
    world, at_gateway = World.of(), {**GET, "server.address": "gateway.example.com"}
    for number in range(40):
        id = new_id()
        world.tell(f"s{number}", server(GET, parent=id))
        world.tell("shop", client(at_gateway, id=id))
    values = world.flush()
    assert all(values.get(f"Dependency:shop > Service:s{number}", "request_count") == 1 for number in range(40))
