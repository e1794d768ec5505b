"""The tables: ``sender`` is who spoke on a link, ``source`` which of its discoverers or detectors."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Dialect,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    text,
)
from sqlalchemy.types import TypeDecorator

SCHEMA_VERSION = 1
"""Grows with every change of a table; a database of another version is refused."""


class Unsigned64(TypeDecorator[int]):
    """A number of 0..2^64-1 kept as text: SQL's integers end at 2^63-1."""

    impl = String(20)
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> str | None:
        """The number as the database keeps it."""
        return None if value is None else str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> int | None:
        """The number as it was given."""
        return None if value is None else int(value)


metadata = MetaData()

schema_version = Table("schema_version", metadata, Column("version", Integer, primary_key=True))

cursors = Table(
    "cursors",
    metadata,
    Column("sender", String, primary_key=True),
    Column("epoch", String, nullable=False),
    Column("sequence", Unsigned64, nullable=False),
    Column("version", String, nullable=False),
    Column("cluster", String, nullable=False),
    Column("updated_at", Float, nullable=False),
)

topology_sources = Table(
    "topology_sources",
    metadata,
    Column("sender", String, primary_key=True),
    Column("source", String, primary_key=True),
    Column("version", Unsigned64, nullable=False),
)

entities = Table(
    "entities",
    metadata,
    Column("sender", String, primary_key=True),
    Column("source", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("type", String, nullable=False),
    Column("name", String, nullable=False),
    Column("attributes", JSON, nullable=False),
)

relations = Table(
    "relations",
    metadata,
    Column("sender", String, primary_key=True),
    Column("source", String, primary_key=True),
    Column("from_entity", String, primary_key=True),
    Column("type", String, primary_key=True),
    Column("to_entity", String, primary_key=True),
    Column("attributes", JSON, nullable=False),
)

symptoms = Table(
    "symptoms",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sender", String, nullable=False),
    Column("source", String, nullable=False),
    Column("entity", String, nullable=False),
    Column("name", String, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("onset", Float, nullable=False),
    Column("updated_at", Float, nullable=False),
    Column("cleared_at", Float),
    Column("severity", Float, nullable=False),
    Column("attribute", String, nullable=False),
    Column("value", Float, nullable=False),
    # SQLite keeps NaN as NULL: no usual value was learned.
    Column("center", Float),
    Column("threshold", Float, nullable=False),
    Column("threshold_source", String, nullable=False),
    Column("detector", String, nullable=False),
    Column("summary", JSON, nullable=False),
    Index("symptoms_by_entity", "entity", "onset"),
    Index("symptoms_by_cleared_at", "cleared_at"),
)
Index(
    "symptoms_active_once",
    symptoms.c.sender,
    symptoms.c.source,
    symptoms.c.entity,
    symptoms.c.name,
    unique=True,
    sqlite_where=text("active"),
    postgresql_where=text("active"),
)

root_causes = Table(
    "root_causes",
    metadata,
    Column("id", String, primary_key=True),
    Column("entity", String, nullable=False),
    Column("type", String, nullable=False),
    Column("cause", String, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("diagnosed_at", Float, nullable=False),
    Column("cleared_at", Float),
    Column("record", JSON, nullable=False),
    Index("root_causes_by_cleared_at", "cleared_at"),
)

evidence = Table(
    "evidence",
    metadata,
    Column("request", String, primary_key=True),
    Column("root_cause", String, nullable=False),
    Column("received_at", Float, nullable=False),
    Column("evidence", JSON, nullable=False),
    Index("evidence_by_root_cause", "root_cause"),
)
