"""Folding spans: each request of the trace service into the service graph, and out of it at each flush."""

from __future__ import annotations

from collections.abc import Container, Iterator

from google.protobuf.message import DecodeError
from opentelemetry.proto.trace.v1.trace_pb2 import Span as SpanMessage

from causely_core.model import EntityId, Series
from causely_core.traffic import Traffic
from causely_plugin_otlp import semconv
from causely_plugin_otlp.attributes import Attributes, decode, text
from causely_plugin_otlp.config import OtlpConfig
from causely_plugin_otlp.errors import BadPayload
from causely_plugin_otlp.lean import ID_BYTES, ResourceSpans, Span, parse
from causely_plugin_otlp.places import MAX_BYTES, Places
from causely_plugin_otlp.resource import Place
from causely_plugin_otlp.signals import Outcome
from causely_plugin_otlp.traces.called import Called
from causely_plugin_otlp.traces.calls import Calls
from causely_plugin_otlp.traces.fate import Fate, Ignored
from causely_plugin_otlp.traces.messages import Ages, Processed, Published, Received, queue_of, takes_only
from causely_plugin_otlp.traces.peers import Peers
from causely_plugin_otlp.traces.queried import Queried
from causely_plugin_otlp.traces.served import Served
from causely_plugin_otlp.traces.signature import Signatures

_SERVER, _CLIENT = SpanMessage.SPAN_KIND_SERVER, SpanMessage.SPAN_KIND_CLIENT
_PRODUCER, _CONSUMER = SpanMessage.SPAN_KIND_PRODUCER, SpanMessage.SPAN_KIND_CONSUMER
_INBOUND, _OUTBOUND = (_SERVER, _CONSUMER), (_CLIENT, _PRODUCER)
_IGNORED = Ignored()

_MAX_FATES = 20_000
"""Signatures remembered over all resources."""

_MAX_RESOURCES = 10_000
"""Resources that these are of."""

_MESSAGE_LIFE = 600.0
"""Seconds for which a message on its way is remembered: as long as a backlog worth a symptom."""

_Source = tuple[bytes, str]
"""A resource, and who has sent it where that tells where it is."""
_Fates = dict[tuple[int, frozenset[bytes]], Fate]


class Spans:
    """The service graph as spans show it. Used by one thread at a time."""

    def __init__(self, places: Places, config: OtlpConfig) -> None:
        self._places = places
        self._traffic = Traffic(places.topology, config.max_operations_per_service)
        self._ledger = self._traffic.ledger
        peers = Peers(config.entity_ttl, config.max_entities)
        self._calls = Calls(self._ledger, peers, config.pairing_wait, config.max_pending_spans, places.aliases)
        self._ages = Ages(self._ledger, config.max_pending_spans, _MESSAGE_LIFE)
        self._inbound, self._outbound = Signatures(semconv.INBOUND_KEYS), Signatures(semconv.OUTBOUND_KEYS)
        self._fates: dict[_Source, _Fates] = {}
        self._known = 0

    @property
    def overflowed(self) -> int:
        """Spans that could not wait for their counterpart, since the start."""
        return self._calls.overflowed

    def fold(self, data: bytes, now: float) -> Outcome:
        """Fold a serialized ``ExportTraceServiceRequest`` that arrived at ``now``.

        Raises:
            BadPayload: the bytes are no such message.
        """
        try:
            request = parse(data)
        except DecodeError as problem:
            raise BadPayload(f"not an ExportTraceServiceRequest: {problem}") from problem
        outcome = Outcome()
        self._ledger.now = now
        for part in request.resource_spans:
            self._fold_resource(part, now, outcome)
        self._traffic.compact()
        return outcome

    def flush(self, now: float, interval: float) -> Iterator[tuple[Series, float]]:
        """The values of the last ``interval`` seconds; everything with requests counts as seen at ``now``."""
        self._ledger.now = now
        self._calls.expire(now)
        self._calls.peers.expire(now)
        self._ages.expire(now)
        yield from self._traffic.flush(now, interval)

    def forget(self, moved: Container[EntityId] = ()) -> None:
        """Drop what belongs to entities that are not in the topology any more; call right after a flush.

        Args:
            moved: those that are known under other names by now.
        """
        self._traffic.forget()
        self._calls.reset(moved)
        self._fates.clear()
        self._known = 0

    def _fold_resource(self, part: ResourceSpans, now: float, outcome: Outcome) -> None:
        try:
            place = self._places.serving(part.resource, now)
        except DecodeError:
            outcome.rejected["malformed resource"] += sum(len(scope.spans) for scope in part.scope_spans)
            return
        fates = self._fates_of((part.resource, place.peer))
        for scope in part.scope_spans:
            for span in scope.spans:
                if len(span.span_id) == ID_BYTES and len(span.trace_id) == 16:
                    self._fate(span, place, fates).take(span)
                    outcome.accepted += 1
                else:
                    outcome.rejected["trace_id must have 16 bytes and span_id 8"] += 1

    def _fates_of(self, source: _Source) -> _Fates:
        fates = self._fates.get(source)
        if fates is None:
            if len(source[0]) > MAX_BYTES:
                return {}
            if len(self._fates) >= _MAX_RESOURCES:
                self._fates.clear()
                self._known = 0
            fates = self._fates[source] = {}
        return fates

    def _fate(self, span: Span, place: Place, fates: _Fates) -> Fate:
        kind = span.kind
        if kind in _INBOUND:
            signature = self._inbound.of(frozenset(span.attributes))
        elif kind in _OUTBOUND:
            signature = self._outbound.of(frozenset(span.attributes))
        else:
            return _IGNORED
        fate = fates.get((kind, signature))
        return fate if fate is not None else self._decide(kind, signature, place, fates)

    def _decide(self, kind: int, signature: frozenset[bytes], place: Place, fates: _Fates) -> Fate:
        if self._known >= _MAX_FATES:
            for known in self._fates.values():
                known.clear()
            self._known = 0
        self._known += 1
        attributes = decode(signature)
        fate = self._messaging(kind, attributes, place.service) or self._request(kind, attributes, place)
        fates[kind, signature] = fate
        return fate

    def _messaging(self, kind: int, attributes: Attributes, service: EntityId) -> Fate | None:
        queue = queue_of(attributes)
        if queue is None or kind == _SERVER:
            return None
        if takes_only(attributes):
            return Received(service, queue, self._ledger)
        if kind == _CONSUMER:
            return Processed(service, queue, self._ledger, self._ages)
        return Published(service, queue, self._ledger, self._ages)

    def _request(self, kind: int, attributes: Attributes, place: Place) -> Fate:
        if kind in _INBOUND:
            return Served(place.service, attributes, self._ledger, self._calls)
        if text(attributes, semconv.DB_SYSTEM):
            return Queried(place, attributes, self._ledger, self._places.aliases)
        return Called(place, attributes, self._calls)
