"""Writing an incident's folder, as docs/incidents.md describes it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from attrs import NOTHING, NothingType

from causely_core.incidents.incident import Incident, Span
from causely_core.incidents.metrics_writer import open_metrics
from causely_core.incidents.new_folder import new_folder
from causely_core.model import Entity, EntityId, Relation, SymptomKey

VERSION = 1
INCIDENT = "incident.json"
TOPOLOGY = "topology.json"
METRICS = "metrics.csv.gz"
EXPECTED = "expected.json"


def write_incident(folder: Path, incident: Incident, *, expected: EntityId | NothingType | None = NOTHING) -> None:
    """Write ``incident`` into ``folder``, which appears whole or not at all; same incident, same bytes.

    Args:
        folder: empty or not there yet.
        incident: its tracks' peers must be empty, their values finite.
        expected: the entity with the true root cause, for scoring, or None when nothing was wrong;
            without it no ``expected.json`` is written.

    Raises:
        FolderError: the folder holds something already, or the file system refuses.
    """
    with new_folder(folder) as draft:
        with open_metrics(draft / METRICS) as metrics:
            for track in incident.tracks:
                metrics.write(track)
        write_topology(draft, incident.entities, incident.relations)
        write_times(draft, incident.baseline, incident.window, incident.reported)
        if expected is not NOTHING:
            _write(draft / EXPECTED, {"root_cause": expected and {"entity": expected}})


def write_topology(folder: Path, entities: Iterable[Entity], relations: Iterable[Relation]) -> None:
    """Write ``topology.json``."""
    _write(
        folder / TOPOLOGY,
        {"entities": [_entity(one) for one in entities], "relations": [_relation(one) for one in relations]},
    )


def write_times(folder: Path, baseline: Span, window: Span, reported: SymptomKey | None) -> None:
    """Write ``incident.json``, which makes the folder an incident."""
    described = {
        "version": VERSION,
        "topology": TOPOLOGY,
        "metrics": [METRICS],
        "baseline": _span(baseline),
        "window": _span(window),
    }
    if reported is not None:
        described["reported"] = {"entity": reported.entity, "symptom": reported.name}
    _write(folder / INCIDENT, described)


def _entity(entity: Entity) -> dict[str, Any]:
    return {"id": entity.id, "type": entity.type, "name": entity.name} | _described(entity)


def _relation(relation: Relation) -> dict[str, Any]:
    return {"source": relation.source, "type": relation.type, "target": relation.target} | _described(relation)


def _described(thing: Entity | Relation) -> dict[str, Any]:
    return {"attributes": dict(sorted(thing.attributes.items()))} if thing.attributes else {}


def _span(span: Span) -> dict[str, float]:
    return {"start": _number(span.start), "end": _number(span.end)}


def _number(value: float) -> float:
    return int(value) if float(value).is_integer() else float(value)


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
