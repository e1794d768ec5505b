"""From events and segments to what services ask of each other."""

import struct

import numpy as np
import pytest
from attrs import define, field
from causely_plugin_ebpf.connections import Connections
from causely_plugin_ebpf.counting import Counting
from causely_plugin_ebpf.feed import Feed
from causely_plugin_ebpf.protocols import Exchange
from causely_plugin_ebpf.records import CLIENT, CLOSED, ENCRYPTS, EXECUTED, EXITED, FAILED, OPENED, SERVER
from causely_plugin_ebpf.rewriting import Rewriting

from causely_core.model import Relation, Topology
from causely_core.traffic import LiveTopology, Traffic

from .makers import event, owner, segment

MS = 10**6
SHOP, WEB = ("10.0.0.2", 4321), ("10.0.0.1", 80)
GET = b"GET /carts/42 HTTP/1.1\r\nHost: web\r\n\r\n"
OK, ERROR = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", b"HTTP/1.1 503 Gone\r\nContent-Length: 0\r\n\r\n"


def message(kind, body):
    """One of PostgreSQL's."""
    return kind + struct.pack("!I", len(body) + 4) + body


STARTUP = message(b"", b"\0\3\0\0user\0shop\0database\0carts\0\0")
AUTHENTICATED = message(b"R", bytes(4)) + message(b"Z", b"I")
QUERY = message(b"Q", b"SELECT id FROM products\0")
READY = message(b"C", b"SELECT 1\0") + message(b"Z", b"I")


@define
class World:
    """A feed with what comes out of it."""

    owners: dict = field(factory=lambda: {1: owner("shop"), 2: owner("web")})
    muted: list = field(factory=list)
    encrypting: list = field(factory=list)
    rewritten: dict = field(factory=dict)
    executing: list = field(factory=list)
    topology: Topology = field(factory=Topology)
    feed: Feed = field(init=False)
    traffic: Traffic = field(init=False)

    def __attrs_post_init__(self):
        live = LiveTopology(100, 60.0)
        self.traffic = Traffic(live, 20)
        connections = Connections(100)
        counting = Counting(self.traffic, connections)
        self.feed = Feed(
            connections,
            counting,
            self,
            lambda _: None,
            lambda _: None,
            self.muted.append,
            self.encrypting.append,
            Rewriting(lambda local, remote: self.rewritten.get(remote)),
            self.executing.append,
            ignored=99,
        )

    def of(self, pid):
        return self.owners.get(pid)

    def tell(self, *records):
        for each in records:
            (self.feed.segments if "data" in each.dtype.names else self.feed.events)(each)

    def flush(self):
        self.feed.counting.settle()
        values = {(s.entity, s.attribute): value for s, value in self.traffic.flush(1.0, 2.0)}
        delta = self.traffic.topology.flush(1.0)
        self.topology.apply(delta)
        if delta.deleted_entities:
            self.traffic.forget()
            self.feed.counting.forget()
        return values


def connected():
    return (
        event(OPENED, 1, 11, 1, role=CLIENT, local=SHOP, remote=WEB),
        event(OPENED, 3, 22, 2, role=SERVER, remote=SHOP),
    )


def asked(answer=OK, at=0):
    return (
        segment(at + 10 * MS, 11, 1, True, GET),
        segment(at + 11 * MS, 22, 2, False, GET),
        segment(at + 13 * MS, 22, 2, True, answer),
        segment(at + 20 * MS, 11, 1, False, answer),
    )


def test_a_request_is_seen_at_both_ends():
    world = World()
    world.tell(*connected(), *asked())
    values = world.flush()
    assert values["Service:web", "request_count"] == 1
    assert values["Operation:web:GET /carts/{id}", "request_duration.p50"] == pytest.approx(0.002, rel=0.03)
    assert values["Dependency:shop > Service:web", "request_duration.p50"] == pytest.approx(0.010, rel=0.03)
    assert values["Service:shop", "client_request_count"] == 1
    assert ("Service:shop", "calls", "Service:web") in {(r.source, r.type, r.target) for r in world.topology.relations}
    assert "Node:here" in world.topology.entities


def test_a_server_error_fails_and_a_wrong_address_of_the_clients_does_not():
    world = World()
    world.tell(*connected(), *asked(ERROR), *asked(OK.replace(b"200 OK", b"404 No"), at=30 * MS))
    assert world.flush()["Service:web", "error_rate"] == 0.5


def test_segments_are_put_in_order():
    world = World()
    request, _, _, answer = asked()
    world.tell(*connected(), np.concatenate([answer, request]))
    assert world.flush()["Dependency:shop > Service:web", "request_count"] == 1


def test_statements_are_counted_for_the_database_that_the_connection_named():
    world, database = World(), ("10.0.0.3", 5432)
    world.tell(event(OPENED, 1, 11, 1, role=CLIENT, remote=database))
    for at, writes, data in ((1, True, STARTUP), (2, False, AUTHENTICATED), (5, True, QUERY), (9, False, READY)):
        world.tell(segment(at * MS, 11, 1, writes, data))
    values = world.flush()
    store = "Database:postgresql/10.0.0.3:5432/carts"
    assert values[store, "read_duration.p95"] == pytest.approx(0.004, rel=0.03)
    assert values["Operation:postgresql/10.0.0.3:5432/carts:SELECT products", "request_count"] == 1


QUESTION = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03web\x04shop\x00\x00\x01\x00\x01"


def test_names_that_are_looked_up_are_counted_for_who_asks():
    world, resolver = World(), ("10.0.0.9", 53)
    world.tell(event(OPENED, 1, 11, 1, role=CLIENT, remote=resolver))
    for at, flags in ((10, b"\x81\x80"), (30, b"\x81\x82")):
        answer = QUESTION[:2] + flags + QUESTION[4:]
        world.tell(segment(at * MS, 11, 1, True, QUESTION), segment((at + 5) * MS, 11, 1, False, answer))
    values = world.flush()
    assert values["Service:shop", "dns_query_count"] == 2
    assert values["Service:shop", "dns_error_rate"] == 0.5
    assert values["Service:shop", "dns_duration.p95"] == pytest.approx(0.005, rel=0.03)


def test_messages_are_told_of_queues_and_topics():
    world = World()
    world.tell(event(OPENED, 1, 11, 1, role=CLIENT, remote=("10.0.0.4", 9092)))
    broker = world.feed.connections.get(11)
    for operation, system, access in (
        ("Produce orders", "kafka", "write"),
        ("Fetch orders", "kafka", "read"),
        ("publish mails", "rabbitmq", "write"),
        ("Metadata", "kafka", ""),
    ):
        world.feed.counting.exchange(broker, Exchange(0, MS, operation, system=system, access=access))
    values = world.flush()
    assert values["Topic:kafka/orders", "publish_rate"] == values["Queue:rabbitmq/mails", "publish_rate"] == 0.5
    assert values["Service:shop", "client_request_count"] == 2
    types = {(each.type, each.target) for each in world.topology.relations if each.source == "Service:shop"}
    assert {("produces_to", "Topic:kafka/orders"), ("consumes_from", "Topic:kafka/orders")} <= types


def test_connections_that_fail_are_told_for_what_answered_before():
    world = World()
    world.tell(*connected(), *asked())
    world.flush()
    world.tell(event(CLOSED, 30 * MS, 22, 2))
    world.feed.end(40 * MS)
    world.tell(event(FAILED, 35 * MS, 12, 1, role=CLIENT, local=("10.0.0.2", 5), remote=WEB))
    assert world.flush()["Service:web", "unreachable_rate"] == 1.0


def test_a_try_or_two_at_what_was_never_there_tells_nothing():
    world = World()
    for id in range(1, 6):
        world.tell(event(FAILED, id + 1, id, 1, role=CLIENT, local=SHOP, remote=WEB))
        known = any(entity == "ExternalService:10.0.0.1:80" for entity, _ in world.flush())
        assert known is (id > 2)


def test_what_a_process_held_ends_with_it():
    world = World()
    world.tell(*connected(), event(EXITED, 30 * MS, 0, 1))
    world.feed.end(29 * MS)
    assert len(world.feed.connections) == 2
    world.feed.end(30 * MS)
    assert [each.pid for each in world.feed.connections] == [2]


def test_a_process_that_has_ended_is_known_until_its_end_is_told():
    world = World()
    world.tell(*connected())
    del world.owners[1]
    world.tell(event(OPENED, 5, 12, 1, role=CLIENT, remote=WEB), event(EXITED, 30 * MS, 0, 1))
    assert world.feed.connections.get(12).owner.service == "Service:shop"
    world.feed.end(40 * MS)
    world.tell(event(OPENED, 50 * MS, 13, 1, role=CLIENT, remote=WEB))
    assert world.feed.connections.get(13).owner is None


def test_what_speaks_no_known_protocol_is_muted():
    world = World()
    world.tell(*connected(), *(segment(at, 22, 2, False, bytes([200, at]) * 9) for at in range(10)))
    assert [each.id for each in world.muted] == [22]
    assert world.feed.unrecognised == 1


def test_what_was_told_of_a_connection_before_it_was_shed_does_not_bring_it_back():
    world = World()
    world.tell(*connected())
    connections = world.feed.connections
    connections.limit = 0
    connections.shed()
    world.tell(segment(3 * MS, 22, 2, False, GET))
    assert len(connections) == 0
    connections.limit = 10
    connections.caught_up()
    world.tell(segment(4 * MS, 22, 2, False, GET))
    assert 22 in connections


def test_the_agent_does_not_look_at_itself():
    world = World()
    world.tell(event(OPENED, 1, 5, 99, role=CLIENT, remote=WEB))
    assert len(world.feed.connections) == 0
    assert [each.pid for each in world.muted] == [99]


def test_a_connection_seen_from_the_middle_is_followed_by_what_is_said():
    world = World()
    world.tell(segment(1 * MS, 33, 2, False, GET), segment(4 * MS, 33, 2, True, OK))
    assert world.flush()["Service:web", "request_count"] == 1


def test_one_that_is_drawn_stands_for_many_but_a_connection_that_failed_for_itself():
    world = World()
    world.tell(*connected(), *asked())
    world.flush()
    world.feed.counting.weights = world.feed.by_process({"Service:shop": 8, "Service:web": 8})
    world.tell(*asked(at=30 * MS))
    world.tell(event(FAILED, 61, 12, 1, role=CLIENT, local=SHOP, remote=WEB))
    values = world.flush()
    assert values["Service:web", "request_count"] == 8
    assert values["Service:web", "call_count"] == 9
    assert values["Service:web", "unreachable_rate"] == pytest.approx(1 / 9)


def test_what_is_told_whole_stands_for_itself_however_few_of_the_others_are():
    world = World()
    world.tell(event(OPENED, 1, 11, 1, role=CLIENT, remote=WEB))
    connection = world.feed.connections.get(11)
    connection.protocol, world.feed.counting.weights = "http2", {1: 8}
    world.feed.counting.exchange(connection, Exchange(0, MS, "shop.Cart/Add", system="grpc"))
    values = world.flush()
    assert values["Dependency:shop > ExternalService:10.0.0.1:80", "request_count"] == 1
    assert values["Service:shop", "client_request_count"] == 1


@pytest.mark.parametrize("kind", [OPENED, ENCRYPTS])
def test_who_calls_whom_is_told_even_where_nothing_is_understood(kind):
    world = World()
    world.tell(event(kind, 1, 11, 1, role=CLIENT, local=SHOP, remote=WEB))
    world.tell(event(kind, 3, 22, 2, role=SERVER, local=WEB, remote=SHOP))
    if kind == OPENED:
        world.tell(*(segment(number * MS, 11, 1, True, b"\x99\x01nonsense") for number in range(4, 9)))
    assert world.flush().get(("Service:web", "request_count")) is None
    assert Relation("Service:shop", "calls", "Service:web") in world.topology.relations
    assert world.encrypting == ([1, 2] if kind == ENCRYPTS else [])


def test_a_client_of_a_cluster_s_address_calls_who_is_behind_it():
    world, cluster = World(), ("10.96.0.1", 80)
    world.rewritten[cluster] = WEB
    world.tell(event(OPENED, 1, 11, 1, role=CLIENT, local=SHOP, remote=cluster), *asked())
    del world.rewritten[cluster]  # as when no more can be looked up: it is taken to be another of the same
    world.tell(event(OPENED, 1, 12, 1, role=CLIENT, local=("10.0.0.2", 99), remote=cluster))
    world.tell(segment(40 * MS, 12, 1, True, GET), segment(41 * MS, 12, 1, False, OK))
    assert world.flush()["Dependency:shop > ExternalService:10.0.0.1:80", "request_count"] == 2


def test_programs_that_begin_are_passed_on_and_are_no_connections():
    world = World()
    world.tell(event(EXECUTED, 5, 0, 1), event(EXECUTED, 6, 0, 7))
    assert world.executing == [1, 7]
    assert not len(world.feed.connections)
