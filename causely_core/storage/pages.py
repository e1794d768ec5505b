"""Listings: filtered, ordered, counted, and cut to one page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from attrs import frozen
from sqlalchemy import ColumnElement, Connection, Row, Table, func, select

from causely_core.storage.codec import decode
from causely_core.storage.record import RootCauseRecord
from causely_core.storage.schema import root_causes, symptoms
from causely_core.storage.symptom_rows import SymptomRecord, symptom_record

T = TypeVar("T")


@frozen
class Page(Generic[T]):
    """A part of a listing.

    Attributes:
        items: from ``offset`` on, at most ``limit``.
        total: items that match, on all pages together.
    """

    items: tuple[T, ...]
    total: int
    limit: int
    offset: int

    @classmethod
    def of(cls, items: Sequence[T], limit: int, offset: int) -> Page[T]:
        """The page of a listing that is all in memory."""
        return cls(tuple(items[offset : offset + limit]), len(items), limit, offset)


def page_of_symptoms(
    connection: Connection,
    limit: int,
    offset: int,
    active: bool | None = None,
    entity: str | None = None,
    name: str | None = None,
) -> Page[SymptomRecord]:
    """Symptoms, active ones first, each part with the latest onset first."""
    c = symptoms.c
    where = _equal((c.active, active), (c.entity, entity), (c.name, name))
    order = (c.active.desc(), c.onset.desc(), c.id.desc())
    return _page(connection, symptoms, where, order, symptom_record, limit, offset)


def page_of_root_causes(
    connection: Connection,
    limit: int,
    offset: int,
    active: bool | None = None,
    entity: str | None = None,
    type: str | None = None,
    cause: str | None = None,
) -> Page[RootCauseRecord]:
    """Root causes: active ones first, best first; then past ones, latest first."""
    c = root_causes.c
    ended = c.cleared_at.is_not(None)
    where = _equal(
        (ended, None if active is None else not active), (c.entity, entity), (c.type, type), (c.cause, cause)
    )
    order = (ended, c.cleared_at.desc(), c.rank, c.diagnosed_at.desc(), c.id)
    return _page(connection, root_causes, where, order, _record, limit, offset)


def _record(row: Row[Any]) -> RootCauseRecord:
    return decode(row.record, RootCauseRecord)


def _equal(*wanted: tuple[ColumnElement[Any], Any]) -> list[ColumnElement[bool]]:
    return [column == value for column, value in wanted if value is not None]


def _page(
    connection: Connection,
    table: Table,
    where: Sequence[ColumnElement[bool]],
    order: Sequence[ColumnElement[Any]],
    read: Callable[[Row[Any]], T],
    limit: int,
    offset: int,
) -> Page[T]:
    total = connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one()
    rows = connection.execute(select(table).where(*where).order_by(*order).limit(limit).offset(offset))
    return Page(tuple(read(row) for row in rows), total, limit, offset)
