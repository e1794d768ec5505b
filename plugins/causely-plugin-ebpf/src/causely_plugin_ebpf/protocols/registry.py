"""Which protocols there are, and which of them a connection looks like."""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen

from causely_plugin_ebpf.protocols import amqp, dns, http1, http2, kafka, mongodb, mysql, postgresql, redis
from causely_plugin_ebpf.protocols.dialogue import Dialogue


@frozen
class Protocol:
    """A protocol.

    Attributes:
        name: by which it is asked for.
        dialogue: makes the state of a new connection.
        looks: whether a segment begins like one of this protocol, and goes to the server.
        ports: on which servers of it usually listen.
    """

    name: str
    dialogue: Callable[[], Dialogue]
    looks: Callable[[bytes, bool], bool]
    ports: frozenset[int]


PROTOCOLS = (
    Protocol("http1", http1.Http1, http1.looks, frozenset((80, 8000, 8080, 8081, 3000, 5000))),
    Protocol("http2", http2.Http2, http2.looks, frozenset((50051, 8443))),
    Protocol("amqp", amqp.Amqp, amqp.looks, frozenset((5672,))),
    Protocol("postgresql", postgresql.PostgreSql, postgresql.looks, frozenset((5432, 6432))),
    Protocol("redis", redis.Redis, redis.looks, frozenset((6379, 16379, 26379))),
    Protocol("mongodb", mongodb.MongoDb, mongodb.looks, frozenset((27017, 27018, 27019))),
    Protocol("mysql", mysql.MySql, mysql.looks, frozenset((3306,))),
    Protocol("dns_tcp", dns.DnsOverTcp, dns.looks_over_tcp, frozenset((53,))),
    Protocol("kafka", kafka.Kafka, kafka.looks, frozenset((9092, 9093, 9094))),
    Protocol("dns", dns.Dns, dns.looks, frozenset((53, 5353))),
)
"""Those whose first bytes leave the least doubt come first."""

_BY_NAME = {protocol.name: protocol for protocol in PROTOCOLS}


def sniff(head: bytes, to_server: bool, port: int) -> str | None:
    """The name of the protocol that a connection's first segment looks like; None if it looks like none.

    Of several, the one that is at home on the server's ``port`` is taken, or else the least doubtful.
    """
    if len(head) < 4:
        return None
    fitting = [protocol for protocol in PROTOCOLS if protocol.looks(head, to_server)]
    at_home = [protocol for protocol in fitting if port in protocol.ports]
    return next((protocol.name for protocol in at_home + fitting), None)


def dialogue(protocol: str) -> Dialogue:
    """The state of a new connection.

    Raises:
        KeyError: there is no such protocol.
    """
    return _BY_NAME[protocol].dialogue()
