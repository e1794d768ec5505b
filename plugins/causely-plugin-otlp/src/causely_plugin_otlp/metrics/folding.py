"""Folding: requests of data points in, values of attributes out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric

from causely_core.model import EntityId, Series
from causely_plugin_otlp.attributes import Attributes, plain, text
from causely_plugin_otlp.config import OtlpConfig
from causely_plugin_otlp.metrics.conventions import BY_METRIC
from causely_plugin_otlp.metrics.errors import Malformed
from causely_plugin_otlp.metrics.owners import Queues, owner_of
from causely_plugin_otlp.metrics.points import DataPoint, Reading, points_of, read
from causely_plugin_otlp.metrics.rules import Kind, Owner, Rule
from causely_plugin_otlp.metrics.store import Store
from causely_plugin_otlp.metrics.streams import Stream
from causely_plugin_otlp.metrics.units import factor
from causely_plugin_otlp.places import Places
from causely_plugin_otlp.resource import Place
from causely_plugin_otlp.signals import Outcome

_STREAMS_PER_ENTITY = 4
_DISTRIBUTIONS = frozenset({"histogram", "exponential_histogram", "summary"})


class Metrics:
    """The metrics signal.

    Attributes:
        ignored: points accepted that no convention gives a meaning to, since the start.
    """

    def __init__(self, places: Places, config: OtlpConfig) -> None:
        self.ignored = 0
        self._places = places
        self._queues = Queues(places.topology)
        self._store = Store(config.max_entities * _STREAMS_PER_ENTITY, config.metric_staleness)

    @property
    def streams(self) -> int:
        """Number of streams kept: one for each metric, instance and set of attributes."""
        return len(self._store)

    @property
    def dropped(self) -> int:
        """Streams dropped for lack of room, since the start."""
        return self._store.dropped

    def fold(self, request: ExportMetricsServiceRequest, now: float) -> Outcome:
        """Take the points of a request.

        Args:
            request: as it came.
            now: time of arrival, seconds since the epoch.

        Returns:
            How many points were taken, those without a meaning included, and why the others were not.
        """
        outcome = Outcome()
        for resource in request.resource_metrics:
            place = self._places.of(resource.resource.SerializeToString(), now)
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    self._fold(metric, place, now, outcome)
        return outcome

    def flush(self, now: float) -> Iterator[tuple[Series, float]]:
        """The values of all attributes that points have told since the last flush.

        Args:
            now: seconds since the epoch.
        """
        topology = self._places.topology
        return (told for told in self._store.flush(now) if told[0].entity in topology)

    def _fold(self, metric: Metric, place: Place, now: float, outcome: Outcome) -> None:
        points, delta = points_of(metric)
        rules = _rules(metric)
        if not rules:
            self.ignored += len(points)
            outcome.accepted += len(points)
            return
        scale = factor(metric.unit or rules[0].unit)
        for point in points:
            try:
                reading = read(point, delta, scale, now)
            except Malformed as error:
                outcome.rejected[str(error)] += 1
                continue
            outcome.accepted += 1
            if reading is not None:
                self._note(point, reading, rules, place, now)

    def _note(self, point: DataPoint, reading: Reading, rules: Sequence[Rule], place: Place, now: float) -> None:
        attributes = plain(point.attributes)
        identity = hash(frozenset(attributes.items()))
        known = False
        for rule in rules:
            owner = self._owner(rule, attributes, place, now) if rule.wants(attributes) else None
            if owner is not None:
                known = True
                instance = _instance(rule, place, owner)
                key = (owner, instance, rule.rank, identity)
                make = partial(Stream, rule, instance, _group(rule, attributes, identity))
                self._store.add(owner, key, reading, now, make)
        self.ignored += not known

    def _owner(self, rule: Rule, attributes: Attributes, place: Place, now: float) -> EntityId | None:
        if rule.owner is Owner.QUEUE:
            return self._queues.of(rule.metrics[0], attributes, now)
        return owner_of(rule.owner, place)


def _rules(metric: Metric) -> Sequence[Rule]:
    """The rules that can use this kind of data."""
    distributed = metric.WhichOneof("data") in _DISTRIBUTIONS
    return [rule for rule in BY_METRIC.get(metric.name, ()) if (rule.kind is Kind.P95) == distributed]


def _instance(rule: Rule, place: Place, owner: EntityId) -> str:
    """Tells those apart that report on the same entity; what runs only once has one instance.

    The host is part of it: a process id, of which an SDK may make the instance's, is not unique beyond.
    """
    if rule.owner is Owner.QUEUE or owner == place.service:
        return place.instance
    return ""


def _group(rule: Rule, attributes: Attributes, identity: int) -> str:
    """Streams of one group are summed, which quantiles cannot be."""
    return str(identity) if rule.kind is Kind.P95 else text(attributes, rule.per)
