"""Counting: what an exchange means for the services at its two ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from attrs import define, field

from causely_core.host import Owner
from causely_core.model import Entity, EntityId, EntityType, entity_id
from causely_core.traffic import FAILED, UNREACHABLE, LiveTopology, Traffic, operation_of
from causely_plugin_ebpf.connection import WHOLE, Address, Connection
from causely_plugin_ebpf.connections import Connections
from causely_plugin_ebpf.operations import Operations
from causely_plugin_ebpf.protocols import Exchange, Outcome
from causely_plugin_ebpf.rewriting import is_loopback

CACHES = frozenset({"redis", "memcached"})
"""Systems whose stores are caches, by their OpenTelemetry names."""

STORES = frozenset({"postgresql", "mysql", "mongodb"}) | CACHES
"""Systems that requests are told of by those who ask: what answers is a database or a cache."""

QUEUES = frozenset({"kafka", "rabbitmq"})
"""Messaging systems: what is asked of them are messages to queues and topics."""

DNS = "dns"

_TOLD_BY_CLIENTS = STORES | QUEUES | {DNS}
"""What answers there is no service that requests are counted for; clients on other machines tell of it as well."""

_FLAGS = {Outcome.OK: 0, Outcome.FAILED: FAILED, Outcome.THROTTLED: FAILED, Outcome.UNAUTHORIZED: 0}
"""A request that is refused as too many has failed for whoever sent it; one that may not be sent has been answered."""


_MAX_STORES = 4096
"""Addresses of databases and caches that are remembered."""

_TRIES = 2
"""Connections that may fail to what is not known: whoever waits for something to start tries once or twice."""

_MAX_UNSPOKEN = 4096
"""Connections of which is not known what is said in them, that are told of at a time."""

_MAX_CODES = 256
"""Kinds of exchanges that are remembered for one connection."""


@define
class Counting:
    """Puts exchanges and connections that failed into the traffic.

    Attributes:
        traffic: of all services of the machine.
        connections: tell who is at the other end.
        weights: how many requests one exchange stands for, by process.
        weight_of_others: the same, of processes that are not there.
        told: exchanges by service since somebody cleared it, of which fewer could be told.
        whole: exchanges likewise, of protocols of which all has to be told.
    """

    traffic: Traffic
    connections: Connections
    weights: Mapping[int, int] = field(factory=dict, init=False)
    weight_of_others: int = field(default=1, init=False)
    told: Counter[EntityId] = field(factory=Counter, init=False)
    whole: int = field(default=0, init=False)
    _refusals: Counter[tuple[EntityId, EntityId]] = field(factory=Counter, init=False)
    _unspoken: list[Connection] = field(factory=list, init=False)
    _operations: Operations = field(factory=Operations, init=False)
    _stores: dict[Address, Entity] = field(factory=dict, init=False)

    @property
    def topology(self) -> LiveTopology:
        """Where entities are created."""
        return self.traffic.topology

    def exchange(self, connection: Connection, exchange: Exchange) -> None:
        """Count an exchange that was seen at one end of ``connection``."""
        key = exchange.operation, exchange.database
        code = connection.codes.get(key)
        if code is None:
            if len(connection.codes) >= _MAX_CODES:
                connection.codes.clear()
            code = connection.codes[key] = self._code(connection, exchange)
        flags, nanos, owner = _FLAGS[exchange.outcome], max(exchange.ended - exchange.started, 0), connection.owner
        weight, record = self._weight(connection), self.traffic.recorder.record
        record(code | flags, nanos, weight)
        if owner and not connection.serves and _is_waited_for(exchange):
            record(self.traffic.ledger.waited(owner.service) | flags, nanos, weight)

    def unspoken(self, connection: Connection) -> None:
        """Count a connection of which is not known what is said in it: who calls whom is told nevertheless."""
        if len(self._unspoken) < _MAX_UNSPOKEN:
            self._unspoken.append(connection)

    def failed(self, connection: Connection, now: int) -> None:
        """Count a connection of a client that did not come about; ``now`` in nanoseconds."""
        callee = self._callee(connection)
        if connection.owner and callee and self._matters(connection, connection.owner.service, callee):
            self._note(connection.owner)
            code = self.traffic.ledger.called(connection.owner.service, callee) | FAILED | UNREACHABLE
            nanos, waited = max(now - connection.opened, 0), self.traffic.ledger.waited(connection.owner.service)
            self.traffic.recorder.record(code, nanos)
            self.traffic.recorder.record(waited | FAILED | UNREACHABLE, nanos)

    def _matters(self, connection: Connection, service: EntityId, callee: EntityId) -> bool:
        """Whether a connection that failed is worth telling: to what is known, or was tried several times in vain.

        A port of this very machine at which nobody was ever seen is none of a service.
        """
        if callee in self.topology:
            return True
        if connection.remote and is_loopback(connection.remote):
            return False
        self._refusals[service, callee] += 1
        return self._refusals[service, callee] > _TRIES

    def settle(self) -> None:
        """Make ready for a flush: tell of connections without words, and drop operations that were none."""
        for connection in self._unspoken:
            if connection.dialogue is None and connection.owner:
                self._link(connection, connection.owner)
        self._unspoken = [each for each in self._unspoken if each.dialogue is None and each.id in self.connections]
        for service, name in self._operations.void():
            self.topology.drop(operation_of(service, name).id)

    def forget(self) -> None:
        """Forget what is not in the topology any more, and all codes: they are void."""
        self._operations.keep(self.topology)
        self._refusals.clear()
        self._stores = {remote: store for remote, store in self._stores.items() if store.id in self.topology}
        for connection in self.connections:
            connection.codes.clear()

    def _link(self, connection: Connection, owner: Owner) -> None:
        self._note(owner)
        callee = None if connection.serves else self._callee(connection)
        if callee and callee != owner.service:
            self.traffic.ledger.connected(owner.service, callee)

    def _weight(self, connection: Connection) -> int:
        """How many requests one of this connection's stands for."""
        if connection.protocol in WHOLE:
            self.whole += 1
            return 1
        if connection.owner:
            self.told[connection.owner.service] += 1
        return self.weights.get(connection.pid, self.weight_of_others)

    def _code(self, connection: Connection, exchange: Exchange) -> int:
        owner = connection.owner
        if owner is None:
            return 0
        self._note(owner)
        if connection.serves:
            if exchange.system in _TOLD_BY_CLIENTS:
                return 0
            return self.traffic.ledger.served(owner.service, self._operations.named(owner.service, exchange.operation))
        if exchange.system == DNS:
            return self.traffic.ledger.looked_up(owner.service)
        if exchange.system in QUEUES:
            return self._message(owner.service, exchange)
        if exchange.system in STORES:
            store = self._store(connection, exchange)
            return self.traffic.ledger.queried(owner.service, store, exchange.operation, exchange.access)
        callee = self._callee(connection)
        return self.traffic.ledger.called(owner.service, callee) if callee and callee != owner.service else 0

    def _message(self, service: EntityId, exchange: Exchange) -> int:
        _, _, name = exchange.operation.partition(" ")
        if not name:
            return 0
        type = EntityType.TOPIC if exchange.system == "kafka" else EntityType.QUEUE
        queue = Entity.of(type, f"{exchange.system}/{name}", name, {"messaging.system": exchange.system})
        if exchange.access == "write":
            return self.traffic.ledger.published(service, queue)
        return self.traffic.ledger.received(service, queue) if exchange.access == "read" else 0

    def _callee(self, connection: Connection) -> EntityId | None:
        store = self._stores.get(connection.remote) if connection.remote else None
        server = None if store else self.connections.server(connection)
        if server:
            self._note(server)
            return server.service
        if store:
            return store.id
        return _external(connection.remote) if connection.remote else None

    def _store(self, connection: Connection, exchange: Exchange) -> Entity:
        """The database or cache at the other end; which one of a server's it is, a connection tells when it begins."""
        remote, database = connection.remote, exchange.database
        known = self._stores.get(remote) if remote else None
        if known and not database:
            return known
        type = EntityType.CACHE if exchange.system in CACHES else EntityType.DATABASE
        key = "/".join(part for part in (exchange.system, str(remote or ""), database) if part)
        store = Entity.of(type, key, database or exchange.system, {"db.system.name": exchange.system})
        if remote and len(self._stores) < _MAX_STORES:
            self._stores[remote] = store
            if known is None or known.name == exchange.system != store.name:
                self.topology.drop(known.id if known else _external(remote))
        return store

    def _note(self, owner: Owner) -> None:
        """Take note of a service, and where it runs."""
        ledger = self.traffic.ledger
        for entity in owner.entities:
            self.topology.add(entity, ledger.now)
        self.topology.relate(owner.relations, ledger.now)


def _external(remote: Address) -> EntityId:
    return entity_id(EntityType.EXTERNAL_SERVICE, str(remote))


def _is_waited_for(exchange: Exchange) -> bool:
    """Whether a call counts among those that its caller waits for; the ledger does so for statements by itself.

    Whoever takes messages waits until there are some.
    """
    if exchange.system in STORES or exchange.system == DNS:
        return False
    return exchange.system not in QUEUES or exchange.access == "write"
