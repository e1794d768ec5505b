"""Forgetting: history older than it is worth, a bounded number of rows at a time."""

from __future__ import annotations

from sqlalchemy import Column, Connection, Table, delete, select

from causely_core.storage.schema import evidence, root_causes, symptoms


def prune(connection: Connection, before: float, max_rows: int) -> int:
    """Delete up to ``max_rows`` of the oldest symptoms and root causes that cleared before ``before``.

    Evidence goes with its root cause and is not counted.

    Returns:
        How many rows were deleted; ``max_rows`` when there may be more.
    """
    deleted = _prune(connection, symptoms, symptoms.c.id, before, max_rows)
    deleted += _prune(connection, root_causes, root_causes.c.id, before, max_rows - deleted)
    connection.execute(delete(evidence).where(evidence.c.root_cause.not_in(select(root_causes.c.id))))
    return deleted


def _prune(connection: Connection, table: Table, key: Column[object], before: float, max_rows: int) -> int:
    cleared = table.c.cleared_at
    oldest = select(key).where(cleared < before).order_by(cleared).limit(max_rows)
    return connection.execute(delete(table).where(key.in_(oldest))).rowcount
