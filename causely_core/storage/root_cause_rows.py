"""The tables of root causes, active and past, and of the evidence gathered for them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from causely_core.model import Evidence
from causely_core.storage.codec import decode, encode
from causely_core.storage.record import RootCauseRecord
from causely_core.storage.schema import evidence, root_causes


def write_records(connection: Connection, records: Sequence[RootCauseRecord]) -> None:
    """Put each record in place of the one with its id."""
    if not records:
        return
    ids = [record.id for record in records]
    connection.execute(delete(root_causes).where(root_causes.c.id.in_(ids)))
    rows = [
        {
            "id": record.id,
            "entity": record.root_cause.entity,
            "type": record.type,
            "cause": record.root_cause.cause,
            "rank": record.rank,
            "diagnosed_at": record.diagnosed_at,
            "cleared_at": record.cleared_at,
            "record": encode(record),
        }
        for record in records
    ]
    connection.execute(insert(root_causes), rows)


def read_active_records(connection: Connection) -> list[RootCauseRecord]:
    """Root causes that have not ended, best first."""
    c = root_causes.c
    query = select(c.record).where(c.cleared_at.is_(None)).order_by(c.rank, c.id)
    return [decode(value, RootCauseRecord) for value in connection.execute(query).scalars()]


def read_record(connection: Connection, id: str) -> RootCauseRecord | None:
    """The root cause of this id; none if there is none."""
    found = connection.execute(select(root_causes.c.record).where(root_causes.c.id == id)).scalar()
    return None if found is None else decode(found, RootCauseRecord)


def write_evidence(connection: Connection, answer: Evidence, now: float) -> None:
    """Keep an answer, unless its root cause is unknown: nobody could ever read it."""
    known = connection.execute(select(root_causes.c.id).where(root_causes.c.id == answer.root_cause)).first()
    if known is None:
        return
    connection.execute(delete(evidence).where(evidence.c.request == answer.request_id))
    row = {
        "request": answer.request_id,
        "root_cause": answer.root_cause,
        "received_at": now,
        "evidence": encode(answer),
    }
    connection.execute(insert(evidence), row)


def read_evidence(connection: Connection, root_cause: str) -> list[Evidence]:
    """The answers for a root cause, by request id."""
    c = evidence.c
    query = select(c.evidence).where(c.root_cause == root_cause).order_by(c.request)
    return [decode(value, Evidence) for value in connection.execute(query).scalars()]
