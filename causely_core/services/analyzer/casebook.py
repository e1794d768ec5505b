"""Engine and store as one: what is in memory is in the database, and the other way round."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import define, field

from causely_core.model import Diagnosis, EvidenceRequest
from causely_core.services.analyzer.config import AnalyzerConfig
from causely_core.services.analyzer.engine import Engine
from causely_core.services.analyzer.evidence import requests
from causely_core.services.analyzer.lifecycle import Changes, Lifecycle
from causely_core.services.analyzer.question import Question, Reasoner
from causely_core.storage import AnalyzerStore, RootCauseRecord, SenderRecord
from causely_core.wire.cursor import Cursor, Sender
from causely_core.wire.update import Update


@define(eq=False)
class Casebook:
    """All the analyzer knows. Used by one thread at a time; methods raise StorageError as the store does.

    Attributes:
        senders: whoever was heard, by name.
    """

    store: AnalyzerStore
    engine: Engine
    senders: dict[str, SenderRecord]
    _unsaved: dict[str, RootCauseRecord] = field(factory=dict, init=False)

    @classmethod
    def open(cls, url: str, config: AnalyzerConfig, reasoner: Reasoner) -> Casebook:
        """Go on with what the database at ``url`` holds.

        Raises:
            StorageError: the database cannot be used.
        """
        store = AnalyzerStore.open(url)
        loaded = store.load()
        lifecycle = Lifecycle.of(config.confirm_after, config.hold, config.min_probability)
        lifecycle.resume(loaded.active)
        return cls(store, Engine(reasoner, lifecycle, loaded.state), loaded.senders)

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()

    def cursor(self, sender: str) -> Cursor | None:
        """How far the updates of ``sender`` are stored; none if it was never heard."""
        known = self.senders.get(sender)
        return known.cursor if known else None

    def apply(self, sender: Sender, updates: Sequence[Update], now: float) -> bool:
        """Store updates, then take them in; false when no diagnosis can change by them."""
        self.senders[sender.name] = self.store.apply(sender, updates, now)
        return self.engine.apply(sender.name, updates)

    def question(self, now: float) -> Question:
        """What to ask of inference now."""
        return self.engine.question(now)

    def conclude(self, question: Question, diagnosis: Diagnosis) -> Changes:
        """Take in the answer and store what it changed; what could not be stored is stored next time."""
        changes = self.engine.conclude(question, diagnosis)
        self._unsaved.update((record.id, record) for record in changes.records)
        if self._unsaved:
            self.store.save(tuple(self._unsaved.values()))
            self._unsaved.clear()
        return changes

    def evidence_wanted(self, record: RootCauseRecord) -> dict[str, EvidenceRequest]:
        """Requests, by sender, that were not answered yet."""
        answered = {evidence.request_id for evidence in self.store.evidence(record.id)}
        wanted = requests(record, self.engine.state)
        return {sender: request for sender, request in wanted.items() if request.id not in answered}
