"""Spans in a few words, and what becomes of them."""

import itertools

from attrs import define, field
from causely_plugin_otlp.config import OtlpConfig
from causely_plugin_otlp.pipeline import Pipeline
from causely_plugin_otlp.signals import Signal
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

NOW = 1_700_000_000.0
SERVER, CLIENT = Span.SPAN_KIND_SERVER, Span.SPAN_KIND_CLIENT
PRODUCER, CONSUMER, INTERNAL = Span.SPAN_KIND_PRODUCER, Span.SPAN_KIND_CONSUMER, Span.SPAN_KIND_INTERNAL
TRACE = b"t" * 16
WEB, CART = {"service.name": "web"}, {"service.name": "cart"}

_numbers = itertools.count(1)


def new_id():
    return next(_numbers).to_bytes(8, "big")


def attributes(values):
    return [KeyValue(key=key, value=_value(value)) for key, value in values.items()]


def _value(value):
    kind = "bool_value" if isinstance(value, bool) else "int_value" if isinstance(value, int) else "string_value"
    return AnyValue(**{kind: value})


def span(kind, name="", *, id=None, parent=b"", seconds=0.01, start=NOW, error="", events=(), links=(), **said):
    """A span; ``said`` are its attributes, two underscores for a dot."""
    begin = round(start * 1e9)
    status = Status(code=Status.STATUS_CODE_ERROR, message=error) if error else None
    return Span(
        trace_id=TRACE,
        span_id=id or new_id(),
        parent_span_id=parent,
        name=name,
        kind=kind,
        start_time_unix_nano=begin,
        end_time_unix_nano=max(begin + round(seconds * 1e9), 0),
        attributes=attributes({key.replace("__", "."): value for key, value in said.items()}),
        events=[Span.Event(name="exception", attributes=attributes(event)) for event in events],
        links=[Span.Link(trace_id=TRACE, span_id=link) for link in links],
        status=status,
    )


def get(kind=SERVER, route="/things/{id}", status=200, **said):
    """An HTTP request, from either side."""
    where = {"http__route": route} if kind == SERVER else {"server__address": "cart", "server__port": 8080}
    name = f"GET {route}" if kind == SERVER else "GET"
    return span(kind, name, **{"http__request__method": "GET", "http__response__status_code": status, **where, **said})


def pair(status=200, **said):
    """Both sides of one request."""
    id = new_id()
    return get(CLIENT, id=id, status=status, **said), get(SERVER, parent=id, status=status)


def serialized(resource, *spans):
    request = ExportTraceServiceRequest()
    told = request.resource_spans.add()
    told.resource.attributes.extend(attributes(resource))
    told.scope_spans.add().spans.extend(spans)
    return request.SerializeToString()


@define
class World:
    """A pipeline and what it has told so far."""

    config: OtlpConfig = field(factory=OtlpConfig)
    now: float = NOW
    pipeline: Pipeline = field(init=False)
    entities: dict = field(factory=dict)
    relations: set = field(factory=set)

    def __attrs_post_init__(self):
        self.pipeline = Pipeline(self.config, self.now)

    def tell(self, resource, *spans):
        return self.pipeline.fold(Signal.TRACES, serialized(resource, *spans), self.now)

    def flush(self, seconds=2.0):
        """Let time go by; the values by entity and attribute, those of callers with the caller besides."""
        self.now += seconds
        flushed = self.pipeline.flush(self.now)
        delta = flushed.delta
        self.entities.update((entity.id, entity) for entity in delta.entities)
        self.relations.update((r.source, str(r.type), r.target) for r in delta.relations)
        for id in delta.deleted_entities:
            del self.entities[id]
        self.relations.difference_update((r.source, str(r.type), r.target) for r in delta.deleted_relations)
        return {
            (row.series.entity, row.series.attribute, *filter(None, [row.series.peer])): row.value
            for row in flushed.batch
        }

    def names(self, type):
        return sorted(entity.name for entity in self.entities.values() if entity.type == type)
