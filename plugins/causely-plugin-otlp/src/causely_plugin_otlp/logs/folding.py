"""Folding: requests of log records in, rates of errors out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import define, field
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from causely_core.model import EntityId, Series
from causely_plugin_otlp.config import OtlpConfig
from causely_plugin_otlp.logs.drain import Drain
from causely_plugin_otlp.logs.masking import words_of
from causely_plugin_otlp.logs.records import is_error, message_of
from causely_plugin_otlp.places import Places
from causely_plugin_otlp.resource import Place
from causely_plugin_otlp.signals import Outcome


@define
class _Source:
    """A service or container that logs."""

    series: Series
    drain: Drain
    errors: int = field(default=0, init=False)


class Logs:
    """The logs signal. Messages stay here; only rates go on."""

    def __init__(self, places: Places, config: OtlpConfig) -> None:
        self._places = places
        self._max_templates = config.max_log_templates
        self._sources: dict[EntityId, _Source] = {}

    def fold(self, request: ExportLogsServiceRequest, now: float) -> Outcome:
        """Take the records of a request.

        Args:
            request: as it came.
            now: time of arrival, seconds since the epoch.

        Returns:
            How many records were taken: all of them.
        """
        outcome = Outcome()
        for resource in request.resource_logs:
            sources = self._of(self._places.of(resource.resource.SerializeToString(), now))
            for scope in resource.scope_logs:
                outcome.accepted += len(scope.log_records)
                _count(filter(is_error, scope.log_records), sources)
        return outcome

    def flush(self, now: float, interval: float) -> Iterator[tuple[Series, float]]:
        """The rates of errors, 0 of those who logged none: that is their baseline.

        Args:
            now: seconds since the epoch.
            interval: seconds since the last flush.
        """
        topology = self._places.topology
        self._sources = {id: source for id, source in self._sources.items() if id in topology}
        for source in self._sources.values():
            yield source.series, source.errors / interval
            source.errors = 0

    def templates(self, entity: str) -> list[tuple[str, int]]:
        """Templates of the errors of a service or container with their numbers, the most frequent first."""
        source = self._sources.get(EntityId(entity))
        return source.drain.templates() if source else []

    def _of(self, place: Place) -> list[_Source]:
        """Who logs at a place: an agent that reads a container's output names the container only."""
        service = None if place.reporter else place.service
        return [self._source(id) for id in (service, place.container) if id and id in self._places.topology]

    def _source(self, id: EntityId) -> _Source:
        source = self._sources.get(id)
        if source is None:
            source = self._sources[id] = _Source(Series(id, "error_log_rate"), Drain(self._max_templates))
        return source


def _count(errors: Iterable[LogRecord], sources: list[_Source]) -> None:
    for record in errors:
        words = words_of(message_of(record))
        for source in sources:
            source.errors += 1
            source.drain.add(words)
