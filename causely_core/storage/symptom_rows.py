"""The table of symptoms: one row an episode, the active ones and those that have cleared."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import frozen
from sqlalchemy import Connection, Row, bindparam, insert, select, update

from causely_core.model import (
    Baseline,
    EntityId,
    Manifestation,
    Symptom,
    SymptomDelta,
    SymptomKey,
    ThresholdSource,
)
from causely_core.storage.schema import symptoms


@frozen
class SymptomRecord:
    """One episode of a symptom.

    Attributes:
        symptom: as last told.
        sender: who told it.
        source: which of the sender's detecting parts.
        summary: statistic name to value in the attribute's unit.
        cleared_at: seconds since the epoch; none while it is active.
    """

    symptom: Symptom
    sender: str
    source: str
    summary: dict[str, float]
    cleared_at: float | None


def write_symptoms(connection: Connection, sender: str, delta: SymptomDelta, now: float) -> None:
    """Take in ``delta``; what a snapshot leaves out has cleared at ``now``.

    An episode is known by its onset: one that is told again after it has cleared gets no second row.
    """
    told = {manifestation.symptom.key: manifestation for manifestation in delta.manifestations}
    only = None if delta.snapshot else [key.entity for key in told]
    active = _active_rows(connection, sender, delta.source, only)
    begun = {key: m for key, m in told.items() if m.symptom.active and key not in active}
    known = active | _rows_again(connection, sender, delta.source, begun)
    new = [_row(sender, delta.source, m) for key, m in begun.items() if key not in known]
    changed = [{"row": known[key], **_values(m)} for key, m in told.items() if key in known]
    if new:
        connection.execute(insert(symptoms), new)
    if changed:
        connection.execute(_change(changed[0]), changed)
    if delta.snapshot:
        _clear(connection, (row for key, row in active.items() if key not in told), now)


def write_snapshot(connection: Connection, sender: str, deltas: Iterable[SymptomDelta], now: float) -> None:
    """Make ``deltas``, applied in order, all that is active of ``sender``."""
    told: dict[str, tuple[Manifestation, ...]] = {}
    for delta in deltas:
        before = () if delta.snapshot else told.get(delta.source, ())
        told[delta.source] = (*before, *delta.manifestations)
    _clear_others(connection, sender, told, now)
    for source, manifestations in told.items():
        write_symptoms(connection, sender, SymptomDelta(source, manifestations, snapshot=True), now)


def read_active(connection: Connection) -> dict[str, list[SymptomDelta]]:
    """One snapshot of the active symptoms a source, by sender."""
    told: dict[tuple[str, str], list[Manifestation]] = defaultdict(list)
    for row in connection.execute(select(symptoms).where(symptoms.c.active).order_by(symptoms.c.id)):
        told[row.sender, row.source].append(Manifestation(_symptom(row), row.summary))
    found: dict[str, list[SymptomDelta]] = defaultdict(list)
    for (sender, source), manifestations in told.items():
        found[sender].append(SymptomDelta(source, tuple(manifestations), snapshot=True))
    return dict(found)


def symptom_record(row: Row[Any]) -> SymptomRecord:
    """The record a row of the table holds."""
    return SymptomRecord(_symptom(row), row.sender, row.source, row.summary, row.cleared_at)


def _clear_others(connection: Connection, sender: str, sources: Iterable[str], now: float) -> None:
    c = symptoms.c
    others = c.active, c.sender == sender, c.source.not_in(list(sources))
    connection.execute(update(symptoms).where(*others).values(active=False, cleared_at=now))


def _active_rows(
    connection: Connection, sender: str, source: str, only: Sequence[EntityId] | None
) -> dict[SymptomKey, int]:
    """Row ids of active symptoms, of all entities or of some."""
    c = symptoms.c
    query = select(c.id, c.entity, c.name).where(c.active, c.sender == sender, c.source == source)
    if only is not None:
        query = query.where(c.entity.in_(only))
    return {SymptomKey(EntityId(entity), name): id for id, entity, name in connection.execute(query)}


def _rows_again(
    connection: Connection, sender: str, source: str, begun: Mapping[SymptomKey, Manifestation]
) -> dict[SymptomKey, int]:
    """Row ids of the episodes in ``begun`` that have cleared already."""
    if not begun:
        return {}
    c = symptoms.c
    onsets = {key: manifestation.symptom.onset for key, manifestation in begun.items()}
    query = select(c.id, c.entity, c.name, c.onset).where(
        c.sender == sender,
        c.source == source,
        c.entity.in_([key.entity for key in onsets]),
        c.onset >= min(onsets.values()),
    )
    rows = ((SymptomKey(EntityId(entity), name), id, onset) for id, entity, name, onset in connection.execute(query))
    return {key: id for key, id, onset in rows if onsets.get(key) == onset}


def _change(example: dict[str, Any]) -> Any:
    columns: dict[str, Any] = {name: bindparam(name) for name in example if name != "row"}
    return update(symptoms).where(symptoms.c.id == bindparam("row")).values(columns)


def _clear(connection: Connection, rows: Iterable[int], now: float) -> None:
    gone = [{"row": id, "active": False, "cleared_at": now} for id in rows]
    if gone:
        connection.execute(_change(gone[0]), gone)


def _row(sender: str, source: str, manifestation: Manifestation) -> dict[str, Any]:
    symptom = manifestation.symptom
    key = {"sender": sender, "source": source, "entity": symptom.entity, "name": symptom.name}
    return {**key, **_values(manifestation)}


def _values(manifestation: Manifestation) -> dict[str, Any]:
    symptom, baseline = manifestation.symptom, manifestation.symptom.baseline
    return {
        "active": symptom.active,
        "onset": symptom.onset,
        "updated_at": symptom.updated_at,
        "cleared_at": None if symptom.active else symptom.updated_at,
        "severity": symptom.severity,
        "attribute": symptom.attribute,
        "value": symptom.value,
        "center": None if math.isnan(baseline.center) else baseline.center,
        "threshold": baseline.threshold,
        "threshold_source": str(baseline.source),
        "detector": symptom.detector,
        "summary": dict(manifestation.summary),
    }


def _symptom(row: Row[Any]) -> Symptom:
    center = math.nan if row.center is None else row.center
    return Symptom(
        EntityId(row.entity),
        row.name,
        row.active,
        row.onset,
        row.updated_at,
        row.severity,
        row.attribute,
        row.value,
        Baseline(center, row.threshold, ThresholdSource(row.threshold_source)),
        row.detector,
    )
