"""What a span's attributes say, by OpenTelemetry's semantic conventions: whom it went to, and whether it failed.

Source: https://opentelemetry.io/docs/specs/semconv/ (1.37), the stable name first, older ones after it. The OTLP plugin
reads the same names off live spans; the core cannot import it.
"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

from attrs import frozen

PEER_SERVICE = ("peer.service", "service.peer.name")
PEER_HOST = ("server.address", "net.peer.name", "network.peer.address", "net.sock.peer.addr", "net.peer.ip")
PEER_PORT = ("server.port", "net.peer.port", "network.peer.port", "net.sock.peer.port")
URL = ("url.full", "http.url")
RPC_SERVICE = ("rpc.service",)
DB_SYSTEM = ("db.system.name", "db.system")
DB_NAMESPACE = ("db.namespace", "db.name", "db.redis.database_index")
QUEUE_SYSTEM = ("messaging.system",)
HTTP_STATUS = ("http.response.status_code", "http.status_code")
RPC_STATUS = ("rpc.response.status_code", "rpc.grpc.status_code")
SERVICE_NAME = "service.name"
SERVICE_NAMESPACE = ("service.namespace", "k8s.namespace.name")

CACHES = frozenset({"redis", "memcached", "valkey", "dragonfly", "keydb", "hazelcast", "infinispan"})
"""Values of ``db.system.name`` that are caches."""

_OUTCOME = (*HTTP_STATUS, *RPC_STATUS)
SERVER_KEYS = frozenset(_OUTCOME)
"""Attributes that are read off the spans of requests served."""
CLIENT_KEYS = frozenset(
    (*PEER_SERVICE, *PEER_HOST, *PEER_PORT, *URL, *RPC_SERVICE, *DB_SYSTEM, *DB_NAMESPACE, *QUEUE_SYSTEM, *_OUTCOME)
)
"""Attributes that are read off the spans of requests sent."""
_SERVER_ERRORS = frozenset(
    "2 4 12 13 14 15 UNKNOWN DEADLINE_EXCEEDED UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS".split()
)
"""gRPC statuses that are the server's fault: https://opentelemetry.io/docs/specs/semconv/rpc/grpc/"""
_LOOPBACK = ("localhost", "127.", "::1", "[::1]", "0.0.0.0")
_LONGEST = 256

Attributes = tuple[tuple[str, str], ...]
"""Keys and values in the order in which the span has them."""


@frozen(cache_hash=True)
class Peer:
    """Whom a client span went to, as far as it says.

    Attributes:
        service: its name, if the client knows it.
        host, port: where it answers; empty for a loopback address, which is another one for everybody.
        store: the ``db.system.name`` of a database or cache; empty for what is none.
        namespace: which of the server's databases.
    """

    service: str
    host: str
    port: str
    store: str
    namespace: str


@lru_cache(maxsize=65_536)
def peer_of(attributes: Attributes) -> Peer | None:
    """The peer of a client span; none when nothing tells, and for brokers, which do not answer requests."""
    found = dict(attributes)
    if _text(found, QUEUE_SYSTEM):
        return None
    store, service = _text(found, DB_SYSTEM), _text(found, PEER_SERVICE)
    host, port = _address(found)
    if host.startswith(_LOOPBACK):
        host = port = ""
    elif not host and not store:
        service = service or _text(found, RPC_SERVICE)
    if not (service or host or store):
        return None
    return Peer(service, host, port, store, _text(found, DB_NAMESPACE) if store else "")


@lru_cache(maxsize=65_536)
def failed(attributes: Attributes, error: bool, client: bool) -> bool:
    """Whether a request failed through the fault of who served it.

    Args:
        attributes: of the span.
        error: whether its status says so.
        client: whether it is the client's; to a client, an answer of 404 is an error, though not of the server.
    """
    found = dict(attributes)
    http, rpc = _text(found, HTTP_STATUS), _text(found, RPC_STATUS)
    fault = http.isdecimal() and http.isascii() and len(http) == 3 and http >= "500"
    if client and (http or rpc):
        return fault if http else rpc.upper() in _SERVER_ERRORS
    return error or fault or rpc.upper() in _SERVER_ERRORS


def _address(found: dict[str, str]) -> tuple[str, str]:
    host = _text(found, PEER_HOST)
    if host:
        return host, _text(found, PEER_PORT)
    try:
        url = urlsplit(_text(found, URL))
        return clean(url.hostname or ""), str(url.port or "")
    except ValueError:
        return "", ""


def _text(found: dict[str, str], keys: tuple[str, ...]) -> str:
    return next((clean(found[key]) for key in keys if found.get(key)), "")


def clean(value: str) -> str:
    """Cut, and without control characters: fit to name an entity."""
    value = value[:_LONGEST]
    return value if value.isprintable() else "".join(c if c.isprintable() else "?" for c in value)
