"""Peers: which service answers at an address, learnt from spans whose two sides both reported."""

from __future__ import annotations

from collections.abc import Container
from urllib.parse import urlsplit

from attrs import define, field, frozen

from causely_core.model import Aliases, EntityId, EntityType, entity_id
from causely_core.traffic.naming import clean
from causely_plugin_otlp import semconv
from causely_plugin_otlp.attributes import Attributes, text
from causely_plugin_otlp.resource import Place

_LOOPBACK = ("localhost", "127.", "::1", "[::1]", "0.0.0.0")


_MAX_BEHIND = 16
"""Services remembered behind one address; two are enough to make it nobody's."""


@frozen(cache_hash=True)
class Address:
    """Where a client span's request went.

    Attributes:
        shown: as it names an external service, ``host:port``.
        scope: the host or namespace in which it means the same to everyone; empty for everywhere.
    """

    shown: str
    scope: str = ""

    @property
    def in_cluster(self) -> str:
        """Of a short name that is understood in a namespace, the one that is understood in the whole cluster."""
        host, colon, port = self.shown.partition(":")
        local = not self.scope or "." in self.shown or self.shown.startswith(_LOOPBACK)
        return self.shown if local else f"{host}.{self.scope}{colon}{port}"

    def meaning(self, aliases: Aliases) -> EntityId | None:
        """The service that is meant by it, by what Kubernetes tells; none when it tells of none."""
        address = entity_id(EntityType.EXTERNAL_SERVICE, self.in_cluster)
        found = aliases.resolve(address)
        return None if found == address else found


@define
class Peers:
    """Services by address. Addresses where several services answer (a gateway's) are nobody's.

    Attributes:
        ttl: seconds after which an address that nothing was learnt about is forgotten.
        limit: addresses kept.
    """

    ttl: float
    limit: int
    _services: dict[Address, dict[EntityId, float]] = field(factory=dict, init=False)

    def learn(self, address: Address, service: EntityId, now: float) -> bool:
        """``service`` answered at ``address``; true when nobody was known to until now."""
        known = self._services.get(address)
        if known is None:
            if len(self._services) < self.limit:
                self._services[address] = {service: now}
            return True
        if service in known or len(known) < _MAX_BEHIND:
            known[service] = now
        return False

    def service(self, address: Address) -> EntityId | None:
        """The one service that answers there, if known."""
        known = self._services.get(address)
        return next(iter(known)) if known is not None and len(known) == 1 else None

    def forget(self, services: Container[EntityId]) -> None:
        """Forget where ``services`` answer."""
        for address, known in list(self._services.items()) if services else ():
            kept = {service: seen for service, seen in known.items() if service not in services}
            if kept:
                self._services[address] = kept
            else:
                del self._services[address]

    def expire(self, now: float) -> None:
        """Forget what was not confirmed within the time to live, unless it is all that is known."""
        for address, known in list(self._services.items()):
            newest = max(known.values())
            if now - newest > 6 * self.ttl:
                del self._services[address]
            elif len(known) > 1:
                self._services[address] = {s: t for s, t in known.items() if t == newest or now - t <= self.ttl}


def address_of(attributes: Attributes, place: Place, hint: str | None) -> Address | None:
    """Where a client span went, or none when its signature does not tell.

    Args:
        attributes: the span's signature.
        place: of the caller; a loopback address is the caller's host's, a short name its namespace's.
        hint: host and port out of the URL, if it was read.
    """
    if named := text(attributes, semconv.PEER_SERVICE):
        return Address(named)
    host, port = text(attributes, semconv.PEER_HOST), text(attributes, semconv.PEER_PORT)
    shown = (f"{host}:{port}" if port else host) if host else hint
    if not shown:
        service = text(attributes, semconv.RPC_SERVICE)
        return Address(service) if service else None
    if shown.startswith(_LOOPBACK):
        return Address(shown, place.host)
    return Address(shown, "" if "." in shown else place.locality)


def host_in(url: str) -> str:
    """``host:port`` of a URL, without user and password; empty when there is none."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    return clean(f"{host}:{port}" if host and port else host)
