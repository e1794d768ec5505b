"""The state machine of the analyzer: updates in, questions out, diagnoses in, root causes out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import define, field, frozen

from causely_core.model import Diagnosis, Entity, EntityId, Relation, SymptomKey
from causely_core.services.analyzer.lifecycle import Changes, Lifecycle
from causely_core.services.analyzer.question import Question, Reasoner
from causely_core.storage import State
from causely_core.wire.update import Update


@frozen
class View:
    """The merged topology of one revision; nothing in it changes.

    Attributes:
        entities: by id, sorted.
        relations: sorted.
    """

    revision: int = -1
    entities: Mapping[EntityId, Entity] = field(factory=dict)
    relations: tuple[Relation, ...] = ()


@define
class Engine:
    """Knows what is, and decides what is shown. No I/O; time comes in as an argument.

    Attributes:
        state: what all senders say.
        lifecycle: what is shown.
        unexplained: active symptoms that the latest diagnosis found no cause for.
        diagnosed_at: time of the latest diagnosis, seconds since the epoch; none before the first.
    """

    reasoner: Reasoner
    lifecycle: Lifecycle
    state: State = field(factory=State)
    unexplained: tuple[SymptomKey, ...] = field(default=(), init=False)
    diagnosed_at: float | None = field(default=None, init=False)
    _view: View = field(factory=View, init=False)

    def apply(self, sender: str, updates: Iterable[Update]) -> bool:
        """Take in what ``sender`` sent, in order; false when no diagnosis can change by it."""
        return self.state.apply(sender, updates)

    @property
    def view(self) -> View:
        """The merged topology now; made anew only after it has changed."""
        if self._view.revision != self.state.topology_revision:
            topology = self.state.topology
            self._view = View(self.state.topology_revision, topology.entities, tuple(topology.relations))
        return self._view

    def question(self, now: float) -> Question:
        """What to ask of inference now."""
        view = self.view
        return Question(now, view.entities, view.relations, self.state.active, view.revision)

    def conclude(self, question: Question, diagnosis: Diagnosis) -> Changes:
        """Take in the answer to ``question``."""
        self.unexplained = diagnosis.unexplained
        self.diagnosed_at = diagnosis.time
        return self.lifecycle.step(diagnosis, question.entities, question.active)

    def diagnose(self, now: float) -> Changes:
        """Ask, answer and conclude in one go."""
        question = self.question(now)
        return self.conclude(question, self.reasoner.answer(question))
