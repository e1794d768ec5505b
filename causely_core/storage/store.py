"""The analyzer's store: every write is one transaction, every read one consistent view."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from attrs import define, field, frozen
from sqlalchemy import Connection, Engine

from causely_core.model import Evidence, SymptomDelta, TopologyDelta
from causely_core.storage import cursor_rows, pages, retention, root_cause_rows, symptom_rows, topology_rows
from causely_core.storage.cursor_rows import SenderRecord
from causely_core.storage.database import open_database
from causely_core.storage.errors import storage_errors
from causely_core.storage.pages import Page
from causely_core.storage.record import RootCauseRecord
from causely_core.storage.state import State, restore
from causely_core.storage.symptom_rows import SymptomRecord
from causely_core.wire.cursor import Sender
from causely_core.wire.update import Snapshot, Update

__all__ = ["AnalyzerStore", "Loaded", "SenderRecord", "SymptomRecord"]


@frozen
class Loaded:
    """All that an analyzer needs to go on where it ended.

    Attributes:
        state: topology and active symptoms.
        senders: with their cursors, by name.
        active: root causes that have not ended, best first.
    """

    state: State
    senders: dict[str, SenderRecord]
    active: tuple[RootCauseRecord, ...]


@define(eq=False)
class AnalyzerStore:
    """A database of one analyzer. Not for two threads at once: keep it on a worker thread of its own.

    Every method raises :class:`StorageError` when the database refuses; then nothing of that call was kept.
    """

    _engine: Engine
    _where: str = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._where = self._engine.url.render_as_string(hide_password=True)

    @classmethod
    def open(cls, url: str) -> AnalyzerStore:
        """Open the database at a SQLAlchemy URL such as ``sqlite:////data/analyzer.db``, or make it.

        Raises:
            StorageError: it cannot be used; the line says why.
        """
        return cls(open_database(url))

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def load(self) -> Loaded:
        """Read all that is true at present."""
        with self._transaction() as connection:
            state = restore(topology_rows.read_topologies(connection), symptom_rows.read_active(connection))
            senders = {record.sender.name: record for record in cursor_rows.read_senders(connection)}
            return Loaded(state, senders, tuple(root_cause_rows.read_active_records(connection)))

    def apply(self, sender: Sender, updates: Sequence[Update], now: float) -> SenderRecord:
        """Write updates, never none, together with the cursor behind the last of them.

        Returns:
            What is now known of the sender.
        """
        record = SenderRecord(sender, updates[-1].sequence, now)
        with self._transaction() as connection:
            for update in updates:
                _write(connection, sender.name, update, now)
            cursor_rows.write_cursor(connection, record)
        return record

    def save(self, records: Sequence[RootCauseRecord]) -> None:
        """Write root causes in place of those with the same ids."""
        with self._transaction() as connection:
            root_cause_rows.write_records(connection, records)

    def root_cause(self, id: str) -> RootCauseRecord | None:
        """The root cause of this id, active or past; none if there is none."""
        with self._transaction() as connection:
            return root_cause_rows.read_record(connection, id)

    def root_causes(
        self,
        *,
        active: bool | None = None,
        entity: str | None = None,
        type: str | None = None,
        cause: str | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> Page[RootCauseRecord]:
        """Root causes: active ones first, best first; then past ones, latest first."""
        with self._transaction() as connection:
            return pages.page_of_root_causes(connection, limit, offset, active, entity, type, cause)

    def symptoms(
        self,
        *,
        active: bool | None = None,
        entity: str | None = None,
        name: str | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> Page[SymptomRecord]:
        """Symptoms, active ones first, each part with the latest onset first."""
        with self._transaction() as connection:
            return pages.page_of_symptoms(connection, limit, offset, active, entity, name)

    def evidence(self, root_cause: str) -> list[Evidence]:
        """The answers to evidence requests for a root cause."""
        with self._transaction() as connection:
            return root_cause_rows.read_evidence(connection, root_cause)

    def prune(self, before: float, max_rows: int = 10_000) -> int:
        """Delete up to ``max_rows`` rows of history that ended before ``before``; returns how many."""
        with self._transaction() as connection:
            return retention.prune(connection, before, max_rows)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with storage_errors(self._where), self._engine.begin() as connection:
            yield connection


def _write(connection: Connection, sender: str, update: Update, now: float) -> None:
    match update.payload:
        case TopologyDelta() as delta:
            topology_rows.write_topology(connection, sender, delta)
        case SymptomDelta() as delta:
            symptom_rows.write_symptoms(connection, sender, delta, now)
        case Evidence() as evidence:
            root_cause_rows.write_evidence(connection, evidence, now)
        case Snapshot() as snapshot:
            _write_snapshot(connection, sender, snapshot, now)


def _write_snapshot(connection: Connection, sender: str, snapshot: Snapshot, now: float) -> None:
    topology_rows.forget_topology(connection, sender)
    for topology in snapshot.topology:
        topology_rows.write_topology(connection, sender, topology)
    symptom_rows.write_snapshot(connection, sender, snapshot.symptoms, now)
