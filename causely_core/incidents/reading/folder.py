"""Reading a recorded incident: incident.json and the files that it names."""

from __future__ import annotations

from pathlib import Path

from causely_core.incidents.incident import Incident, Span, Track
from causely_core.incidents.reading.columns import joined, read_columns
from causely_core.incidents.reading.events_file import read_events
from causely_core.incidents.reading.json_value import JsonValue
from causely_core.incidents.reading.problem import IncidentError
from causely_core.incidents.reading.topology_file import read_topology
from causely_core.incidents.reading.traced import Traced
from causely_core.incidents.reading.tracks import merged, tracks_of
from causely_core.model import Entity, EntityId, Relation, SymptomKey

VERSION = 1


def read_incident(folder: Path) -> Incident:
    """The incident recorded in ``folder``.

    Raises:
        IncidentError: a file is missing or wrong; one line says which, what and where.
    """
    if not folder.is_dir():
        raise IncidentError(f"{folder}: not a folder; expected one with an incident.json")
    whole = JsonValue.of(folder / "incident.json")
    if whole.need("version").value != VERSION:
        raise whole.need("version").wrong(f"version {VERSION}")
    baseline, window = _span(whole.need("baseline")), _span(whole.need("window"))
    entities, relations = read_topology(_file(folder, whole.need("topology")))
    columns = joined(read_columns(_file(folder, item)) for item in whole.need("metrics").items())
    traced = _traced(folder, whole.get("traces"), entities)
    entities += traced.entities
    changes = _changes(folder, whole.get("events"), entities, (baseline, window))
    return Incident(
        entities,
        _with(relations, traced.relations),
        merged(tracks_of(columns), traced.tracks, changes),
        baseline,
        window,
        _reported(whole.get("reported"), entities),
    )


def _file(folder: Path, item: JsonValue) -> Path:
    path = folder / item.text()
    if not path.is_file():
        raise item.wrong("the path of a file that is there")
    return path


def _traced(folder: Path, files: JsonValue | None, entities: tuple[Entity, ...]) -> Traced:
    if files is None:
        return Traced()
    # Few have traces, and Protobuf takes a while.
    from causely_core.incidents.reading.span_fold import fold
    from causely_core.incidents.reading.traces_file import read_spans

    return fold(read_spans(_file(folder, item) for item in files.items()), entities)


def _changes(
    folder: Path, file: JsonValue | None, entities: tuple[Entity, ...], spans: tuple[Span, Span]
) -> tuple[Track, ...]:
    return () if file is None else read_events(_file(folder, file), {entity.id for entity in entities}, spans)


def _with(relations: tuple[Relation, ...], found: tuple[Relation, ...]) -> tuple[Relation, ...]:
    """Of a relation that both name, the topology's is kept, with its attributes."""
    return tuple(dict.fromkeys((*relations, *found)))


def _span(item: JsonValue) -> Span:
    span = Span(item.need("start").number(), item.need("end").number())
    if span.end <= span.start:
        raise item.wrong("an end after the start")
    return span


def _reported(item: JsonValue | None, entities: tuple[Entity, ...]) -> SymptomKey | None:
    if item is None:
        return None
    id = EntityId(item.need("entity").text())
    if all(entity.id != id for entity in entities):
        raise item.need("entity").wrong("the id of an entity")
    return SymptomKey(id, item.need("symptom").text())
