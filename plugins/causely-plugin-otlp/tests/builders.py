"""Trace requests in a few words, and what becomes of them."""

from itertools import count

from attrs import define, evolve, field
from causely_plugin_otlp.config import OtlpConfig
from causely_plugin_otlp.pipeline import Pipeline
from causely_plugin_otlp.signals import Signal
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

from causely_core.model import Topology

NOW = 1_700_000_000.0
TRACE = bytes(range(16))
GET = {"http.request.method": "GET"}
_ids = count(1)


def span_id(number):
    return number.to_bytes(8, "big")


def new_id():
    return span_id(next(_ids))


def any_value(value):
    if isinstance(value, bool):
        return AnyValue(bool_value=value)
    if isinstance(value, int):
        return AnyValue(int_value=value)
    if isinstance(value, float):
        return AnyValue(double_value=value)
    if isinstance(value, list):
        return AnyValue(array_value=ArrayValue(values=map(any_value, value)))
    return AnyValue(string_value=value)


def key_values(values):
    return [KeyValue(key=key, value=any_value(value)) for key, value in values.items()]


def failure(message=""):
    return Status(code=Status.STATUS_CODE_ERROR, message=message)


def exception(**told):
    return Span.Event(name="exception", attributes=key_values({f"exception.{k}": v for k, v in told.items()}))


def links(*ids):
    return [Span.Link(trace_id=TRACE, span_id=id) for id in ids]


def span(kind, values=None, name="", id=None, parent=b"", seconds=0.1, start=NOW, **fields):
    begin = round(start * 1e9)
    return Span(
        trace_id=TRACE,
        span_id=new_id() if id is None else id,
        parent_span_id=parent,
        name=name,
        kind=kind,
        start_time_unix_nano=begin,
        end_time_unix_nano=begin + round(seconds * 1e9),
        attributes=key_values(values or {}),
        **fields,
    )


def server(values=None, **fields):
    return span(Span.SPAN_KIND_SERVER, values, **fields)


def client(values=None, **fields):
    return span(Span.SPAN_KIND_CLIENT, values, **fields)


def producer(values=None, **fields):
    return span(Span.SPAN_KIND_PRODUCER, values, **fields)


def consumer(values=None, **fields):
    return span(Span.SPAN_KIND_CONSUMER, values, **fields)


def part(resource, *spans):
    """The spans of one resource; a string is its service's name."""
    described = {"service.name": resource} if isinstance(resource, str) else resource
    return ResourceSpans(resource=Resource(attributes=key_values(described)), scope_spans=[ScopeSpans(spans=spans)])


def request(*parts):
    return ExportTraceServiceRequest(resource_spans=parts)


def request_of(resource, *spans):
    """A serialized request about one resource."""
    return request(part(resource, *spans)).SerializeToString()


@define
class World:
    """A pipeline, a clock that the test moves, and the topology that its deltas add up to."""

    pipeline: Pipeline
    now: float = NOW
    topology: Topology = field(factory=Topology)
    last: object = None
    _version: int = 0

    @classmethod
    def of(cls, **config):
        return cls(Pipeline(OtlpConfig(**config), NOW))

    def tell(self, resource, *spans):
        return self.fold(request(part(resource, *spans)).SerializeToString())

    def fold(self, data):
        return self.pipeline.fold(Signal.TRACES, data, self.now)

    def flush(self, after=10.0):
        """The values after some seconds: enough for what waits for its counterpart."""
        self.now += after
        flushed = self.pipeline.flush(self.now)
        self.last = flushed.delta
        self._version += 1
        self.topology.apply(evolve(flushed.delta, version=self._version))
        return Values({(s.entity, s.attribute): o.value for o in flushed.batch for s in [o.series]})

    @property
    def entities(self):
        return set(self.topology.entities)

    @property
    def relations(self):
        return {f"{r.source} {r.type} {r.target}" for r in self.topology.relations}

    def of_type(self, type):
        return {id for id in self.topology.entities if id.startswith(f"{type}:")}


@define
class Values:
    """Values of one flush by entity and attribute."""

    all: dict

    def get(self, entity, attribute):
        return self.all.get((entity, attribute))

    def of(self, entity):
        return {attribute: value for (e, attribute), value in self.all.items() if e == entity}
