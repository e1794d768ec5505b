"""The table of cursors: how far each sender's updates are in the database."""

from __future__ import annotations

from attrs import frozen
from sqlalchemy import Connection, delete, insert, select

from causely_core.storage.schema import cursors
from causely_core.wire.cursor import Cursor, Sender


@frozen
class SenderRecord:
    """A sender that was heard.

    Attributes:
        sender: as it last greeted.
        sequence: of its last update that was stored.
        updated_at: when that was, seconds since the epoch.
    """

    sender: Sender
    sequence: int
    updated_at: float

    @property
    def cursor(self) -> Cursor:
        """Where its link goes on."""
        return Cursor(self.sender.epoch, self.sequence)


def write_cursor(connection: Connection, record: SenderRecord) -> None:
    """Put ``record`` in place of what was known of its sender."""
    sender = record.sender
    connection.execute(delete(cursors).where(cursors.c.sender == sender.name))
    row = {
        "sender": sender.name,
        "epoch": sender.epoch,
        "sequence": record.sequence,
        "version": sender.version,
        "cluster": sender.cluster,
        "updated_at": record.updated_at,
    }
    connection.execute(insert(cursors), row)


def read_senders(connection: Connection) -> list[SenderRecord]:
    """All senders ever heard, by name."""
    rows = connection.execute(select(cursors).order_by(cursors.c.sender))
    return [
        SenderRecord(Sender(row.sender, row.epoch, row.version, row.cluster), row.sequence, row.updated_at)
        for row in rows
    ]
