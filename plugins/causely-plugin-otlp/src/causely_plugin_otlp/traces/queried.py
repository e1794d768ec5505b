"""Client spans of databases and caches, which have no spans of their own."""

from __future__ import annotations

from causely_core.model import Aliases, Entity, EntityId, EntityType, entity_id, entity_type
from causely_core.traffic.ledger import Ledger
from causely_core.traffic.naming import OTHER, access, keyword, short_name
from causely_plugin_otlp import semconv
from causely_plugin_otlp.attributes import Attributes, text
from causely_plugin_otlp.lean import Span
from causely_plugin_otlp.resource import Place
from causely_plugin_otlp.traces.codes import Codes
from causely_plugin_otlp.traces.fate import Outbound, duration
from causely_plugin_otlp.traces.find import find
from causely_plugin_otlp.traces.operations import statement
from causely_plugin_otlp.traces.peers import address_of


class Queried:
    """The fate of database spans of one signature."""

    def __init__(self, place: Place, attributes: Attributes, ledger: Ledger, aliases: Aliases) -> None:
        self._place = place
        self._attributes = attributes
        self._ledger = ledger
        self._store = store_of(attributes, place, aliases)
        self._outbound = Outbound(attributes)
        self._codes = Codes()

    def take(self, span: Span) -> None:
        """Count the statement towards the database, the edge, and the operation."""
        code = self._codes.get(span.name)
        if code is None:
            code = self._code(span)
        self._ledger.recorder.record(code | self._outbound.flags(span), duration(span))

    def _code(self, span: Span) -> int:
        operation = statement(self._attributes)
        told = operation is not None
        if operation is None:
            operation = self._named(span.name.decode(errors="replace"))
            told = bool(access(operation))
        if not told:
            operation = keyword(find(span.attributes, semconv.DB_STATEMENT)) or operation
        code = self._ledger.queried(self._place.service, self._store, operation, access(operation))
        if told:
            self._codes.remember(span.name, code)
        return code

    def _named(self, name: str) -> str:
        """A cache has no tables: what follows the command in a span's name is a key."""
        return keyword(name) or OTHER if self._store.type == EntityType.CACHE else short_name(name)


def store_of(attributes: Attributes, place: Place, aliases: Aliases) -> Entity:
    """The database or cache that a span talks to, known by system, server and name of the database, or of its table.

    Where it is known which service or managed store the server is, that takes its place.
    """
    system, address = text(attributes, semconv.DB_SYSTEM), address_of(attributes, place, None)
    named = semconv.DB_COLLECTION if system in semconv.TABLES else semconv.DB_NAMESPACE
    type = EntityType.CACHE if system in semconv.CACHES else EntityType.DATABASE

    def at(where: str) -> EntityId:
        return entity_id(type, "/".join(filter(None, (system, where, text(attributes, named)))))

    told = at(address.in_cluster if address else place.host)
    id = aliases.resolve(told)
    if id == told and address:
        id = at(address.shown)
    return Entity(id, entity_type(id), text(attributes, named) or system, {"db.system.name": system})
