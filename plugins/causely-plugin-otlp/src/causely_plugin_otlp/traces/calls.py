"""Calls: client spans find the server spans they caused, or else whom their address belongs to."""

from __future__ import annotations

from collections.abc import Container

from attrs import define, field

from causely_core.model import Aliases, EntityId, EntityType, entity_id
from causely_core.traffic.ledger import Ledger
from causely_plugin_otlp.traces.peers import Address, Peers
from causely_plugin_otlp.traces.waiting import Waiting

Call = tuple[EntityId, Address | None, int, int, bool]
"""Caller, address, flags, nanoseconds, and whether it was counted already."""


@define
class Calls:
    """Pairs the two sides of requests by span id.

    A client span is counted at once when its server span is there, or when its address is known: as some
    service's, or as nobody's (an external service). It waits all the same, so that it shows when another service
    answers there by now; spans to new addresses wait to be counted.

    Attributes:
        ledger: where calls are counted.
        peers: services by address.
        wait: seconds that a span waits for its counterpart.
        limit: spans of each side that may wait.
        aliases: tell who answers at an address.
        overflowed: spans that could not wait, since the start.
    """

    ledger: Ledger
    peers: Peers
    wait: float
    limit: int
    aliases: Aliases = field(factory=Aliases)
    overflowed: int = 0
    _clients: Waiting[Call] = field(init=False)
    _servers: Waiting[EntityId] = field(init=False)
    _external: dict[Address, EntityId] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        """Make the tables."""
        self._clients, self._servers = Waiting(self.limit), Waiting(self.limit)

    def reset(self, moved: Container[EntityId] = ()) -> None:
        """Forget external services that are not in the topology any more, and all that are called otherwise now."""
        topology = self.ledger.topology
        self.peers.forget(moved)
        self._servers.forget(moved)
        self._external = {address: id for address, id in self._external.items() if id in topology}

    def served(self, parent: bytes, service: EntityId) -> None:
        """A server span of ``service`` with the parent span id ``parent`` has arrived."""
        call = self._clients.take(parent)
        if call is None:
            self.overflowed += not self._servers.put(parent, self.ledger.now, service)
        else:
            self._pair(call, service)

    def called(self, span_id: bytes, caller: EntityId, address: Address | None, flags: int, nanos: int) -> None:
        """A client span has arrived.

        Args:
            span_id: its id.
            caller: whose it is.
            address: where it went, if known.
            flags: the recorder's.
            nanos: its duration.
        """
        service = self._servers.take(span_id)
        if service is not None:
            self._pair((caller, address, flags, nanos, False), service)
            return
        known = self._known(address)
        if known:
            self._count(caller, known, flags, nanos)
        self._wait(span_id, (caller, address, flags, nanos, known is not None))

    def expire(self, now: float) -> None:
        """Count what has waited in vain as calls to external services."""
        self._servers.expire(now - self.wait)
        for call in self._clients.expire(now - self.wait):
            self._alone(call)

    def _known(self, address: Address | None) -> EntityId | None:
        if address is None:
            return None
        return self.peers.service(address) or address.meaning(self.aliases) or self._external.get(address)

    def _wait(self, span_id: bytes, call: Call) -> None:
        counted = call[-1]
        if not self._clients.put(span_id, self.ledger.now, call) and not counted:
            self.overflowed += 1
            self._alone(call)

    def _pair(self, call: Call, service: EntityId) -> None:
        caller, address, flags, nanos, counted = call
        if address is not None and self.peers.learn(address, service, self.ledger.now):
            self._not_external(address)
        if not counted:
            self._count(caller, service, flags, nanos)
        elif caller != service:
            self.ledger.called(caller, service)

    def _alone(self, call: Call) -> None:
        caller, address, flags, nanos, counted = call
        if address is None or counted:
            return
        callee = self.peers.service(address) or address.meaning(self.aliases)
        if callee is not None:
            self._count(caller, callee, flags, nanos)
            return
        external = entity_id(EntityType.EXTERNAL_SERVICE, address.shown)
        self._count(caller, external, flags, nanos)
        if external in self.ledger.topology:  # There may be no room for it, and then none to remember it.
            self._external[address] = external

    def _not_external(self, address: Address) -> None:
        external = self._external.pop(address, None)
        if external is not None and external not in self._external.values():
            self.ledger.topology.drop(external)

    def _count(self, caller: EntityId, callee: EntityId, flags: int, nanos: int) -> None:
        if caller != callee:
            self.ledger.recorder.record(self.ledger.called(caller, callee) | flags, nanos)
