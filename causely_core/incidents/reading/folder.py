"""Reading a recorded incident: incident.json and the files that it names."""

from __future__ import annotations

from pathlib import Path

from causely_core.incidents.incident import Incident, Span
from causely_core.incidents.reading.columns import joined, read_columns
from causely_core.incidents.reading.json_value import JsonValue
from causely_core.incidents.reading.problem import IncidentError
from causely_core.incidents.reading.topology_file import read_topology
from causely_core.incidents.reading.tracks import tracks_of
from causely_core.model import EntityId, SymptomKey

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
    entities, relations = read_topology(folder / whole.need("topology").text())
    columns = joined(read_columns(folder / item.text()) for item in whole.need("metrics").items())
    return Incident(
        entities,
        relations,
        tuple(tracks_of(columns)),
        _span(whole.need("baseline")),
        _span(whole.need("window")),
        _reported(whole.get("reported")),
    )


def _span(item: JsonValue) -> Span:
    span = Span(item.need("start").number(), item.need("end").number())
    if span.end <= span.start:
        raise item.wrong("an end after the start")
    return span


def _reported(item: JsonValue | None) -> SymptomKey | None:
    if item is None:
        return None
    return SymptomKey(EntityId(item.need("entity").text()), item.need("symptom").text())
