"""The pipeline: requests of all three signals in, topology and observations out. No I/O, no clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from attrs import define, field, frozen
from google.protobuf.message import DecodeError, Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from causely_core.model import Aliases, ObservationBatch, TopologyDelta
from causely_core.traffic.live_topology import LiveTopology
from causely_plugin_otlp.config import OtlpConfig
from causely_plugin_otlp.errors import BadPayload
from causely_plugin_otlp.logs.folding import Logs
from causely_plugin_otlp.metrics.folding import Metrics
from causely_plugin_otlp.places import Places
from causely_plugin_otlp.signals import Outcome, Signal
from causely_plugin_otlp.traces.folding import Spans

_Request = TypeVar("_Request", bound=Message)


@frozen
class Flushed:
    """What one flush gives.

    Attributes:
        delta: what changed in the topology.
        batch: the values since the flush before.
    """

    delta: TopologyDelta
    batch: ObservationBatch


@define
class Pipeline:
    """Used by one thread at a time.

    Attributes:
        config: limits and times.
        started: seconds since the epoch; the first flush is about the time since then.
        aliases: tell where resources are, and whose addresses are.
    """

    config: OtlpConfig
    started: float
    aliases: Aliases = field(factory=Aliases)
    topology: LiveTopology = field(init=False)
    spans: Spans = field(init=False)
    _places: Places = field(init=False)
    _metrics: Metrics = field(init=False)
    _logs: Logs = field(init=False)
    _folds: dict[Signal, Callable[[bytes, float], Outcome]] = field(init=False)
    _flushed: float = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Put the parts together."""
        self.topology = LiveTopology(self.config.max_entities, self.config.entity_ttl)
        places = self._places = Places(self.topology, self.aliases)
        self.spans = Spans(places, self.config)
        self._metrics, self._logs = Metrics(places, self.config), Logs(places, self.config)
        self._folds = {Signal.TRACES: self.spans.fold, Signal.METRICS: self._fold_metrics, Signal.LOGS: self._fold_logs}
        self._flushed = self.started

    def fold(self, signal: Signal, data: bytes, now: float, peer: str = "") -> Outcome:
        """Fold a serialized export request.

        Args:
            signal: which.
            data: the message.
            now: time of arrival, seconds since the epoch.
            peer: IP address of who has sent it, if known.

        Raises:
            BadPayload: the bytes are no such message.
        """
        self._places.peer = peer
        return self._folds[signal](data, now)

    def flush(self, now: float) -> Flushed:
        """What has come together since the last flush."""
        interval = max(now - self._flushed, 1e-3)
        self._flushed = now
        # Of a series that spans and metrics both give, the service's own metric is the closer look.
        values = dict(self.spans.flush(now, interval))
        values.update(self._metrics.flush(now))
        values.update(self._logs.flush(now, interval))
        moved = self._places.refresh(now)
        delta = self.topology.flush(now)
        if moved or delta.deleted_entities:
            self.spans.forget(moved)
        return Flushed(delta, ObservationBatch.at(now, values.items()))

    def _fold_metrics(self, data: bytes, now: float) -> Outcome:
        return self._metrics.fold(_parsed(ExportMetricsServiceRequest, data), now)

    def _fold_logs(self, data: bytes, now: float) -> Outcome:
        return self._logs.fold(_parsed(ExportLogsServiceRequest, data), now)


def _parsed(type: type[_Request], data: bytes) -> _Request:
    try:
        return type.FromString(data)
    except DecodeError as problem:
        raise BadPayload(f"not an {type.DESCRIPTOR.name}: {problem}") from problem
