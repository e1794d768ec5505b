"""Producer and consumer spans: messages into and out of queues and topics, and how long they were there."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import define, field
from google.protobuf.message import DecodeError
from opentelemetry.proto.trace.v1.trace_pb2 import Span as SpanMessage

from causely_core.model import Entity, EntityId, EntityType
from causely_core.traffic.ledger import Ledger
from causely_core.traffic.recorder import FAILED
from causely_plugin_otlp import semconv
from causely_plugin_otlp.attributes import Attributes, text
from causely_plugin_otlp.lean import ID_BYTES, Span
from causely_plugin_otlp.traces.fate import duration
from causely_plugin_otlp.traces.outcomes import status_failed
from causely_plugin_otlp.traces.waiting import Waiting

_MAX_LINKS = 128
"""Links of a span that are read: a batch of messages links to as many producers."""

_TAKEN = frozenset({"receive", "poll", "fetch", "settle", "ack", "nack", "commit"})


@define
class Ages:
    """Pairs producer and consumer spans of one message.

    Attributes:
        ledger: where ages are counted.
        limit: spans of each side that may wait.
        wait: seconds for which a message is remembered.
    """

    ledger: Ledger
    limit: int
    wait: float
    _produced: Waiting[int] = field(init=False)
    _consumed: Waiting[tuple[EntityId, int]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Make the tables."""
        self._produced, self._consumed = Waiting(self.limit), Waiting(self.limit)

    def produced(self, span_id: bytes, end: int) -> None:
        """A message was handed over at ``end``, nanoseconds since the epoch."""
        waiting = self._consumed.take(span_id)
        if waiting is None:
            self._produced.put(span_id, self.ledger.now, end)
        else:
            self._count(waiting[0], waiting[1] - end)

    def consumed(self, producer: bytes, queue: EntityId, start: int) -> None:
        """Processing of the message that the span ``producer`` sent began at ``start``, likewise."""
        end = self._produced.take(producer)
        if end is None:
            self._consumed.put(producer, self.ledger.now, (queue, start))
        else:
            self._count(queue, start - end)

    def expire(self, now: float) -> None:
        """Forget what has waited in vain."""
        self._produced.expire(now - self.wait)
        self._consumed.expire(now - self.wait)

    def _count(self, queue: EntityId, nanos: int) -> None:
        self.ledger.recorder.record(self.ledger.aged(queue), max(nanos, 0))


class Published:
    """The fate of producer spans of one signature."""

    def __init__(self, service: EntityId, queue: Entity, ledger: Ledger, ages: Ages) -> None:
        self._code = ledger.published(service, queue)
        self._recorder = ledger.recorder
        self._ages = ages

    def take(self, span: Span) -> None:
        """Count the message, unless it failed to be published."""
        if status_failed(span.status):
            return
        self._recorder.record(self._code, duration(span))
        if span.end:
            self._ages.produced(span.span_id, span.end)


class Processed:
    """The fate of consumer spans of one signature that process messages."""

    def __init__(self, service: EntityId, queue: Entity, ledger: Ledger, ages: Ages) -> None:
        self._queue = queue.id
        self._code = ledger.processed(service, queue, f"process {queue.name}")
        self._recorder = ledger.recorder
        self._ages = ages

    def take(self, span: Span) -> None:
        """Count the message and its time in the queue."""
        self._recorder.record(self._code | FAILED * status_failed(span.status), duration(span))
        for producer in _producers(span) if span.start else ():
            self._ages.consumed(producer, self._queue, span.start)


class Received:
    """The fate of spans of one signature that take messages without processing them."""

    def __init__(self, service: EntityId, queue: Entity, ledger: Ledger) -> None:
        self._code = ledger.received(service, queue)
        self._recorder = ledger.recorder

    def take(self, span: Span) -> None:
        """Keep the relation alive."""
        self._recorder.record(self._code, duration(span))


def queue_of(attributes: Attributes) -> Entity | None:
    """The queue or topic that a span is about; none when it names no destination."""
    name, system = text(attributes, semconv.QUEUE_NAME), text(attributes, semconv.QUEUE_SYSTEM)
    if not name:
        return None
    if text(attributes, semconv.QUEUE_TEMPORARY).lower() == "true":
        name = "(temporary)"
    type = EntityType.TOPIC if system in semconv.TOPICS else EntityType.QUEUE
    described = {"messaging.system": system} if system else {}
    return Entity.of(type, f"{system}/{name}" if system else name, name, described)


def takes_only(attributes: Attributes) -> bool:
    """Whether a span takes messages off a queue without processing them."""
    return text(attributes, semconv.QUEUE_OPERATION).lower() in _TAKEN


def _producers(span: Span) -> Iterator[bytes]:
    if not span.links:
        yield from _valid(span.parent_span_id)
        return
    for link in span.links[:_MAX_LINKS]:
        try:
            yield from _valid(SpanMessage.Link.FromString(link).span_id)
        except DecodeError:
            continue


def _valid(id: bytes) -> tuple[bytes, ...]:
    return (id,) if len(id) == ID_BYTES else ()
