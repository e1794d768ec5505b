"""What agents forward: merged into the mediator's topology and symptoms, and passed on through the gate."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from attrs import define, field

from causely_core.model import Evidence, Manifestation, SymptomDelta, SymptomKey, TopologyDelta
from causely_core.services.mediator.topology import TopologyIntake
from causely_core.services.mediator.uplink import Uplink
from causely_core.wire import Snapshot, Update
from causely_core.wire.cursor import Cursor, Sender


@define
class AgentIntake:
    """Applies agents' updates; also the store of how far each agent was applied.

    Cursors live in memory: a mediator that restarts knows nothing of its agents, and each sends a snapshot.
    """

    intake: TopologyIntake
    uplink: Callable[[], Uplink]
    cursors: dict[str, Cursor] = field(factory=dict, init=False)
    active: dict[str, dict[SymptomKey, Manifestation]] = field(factory=dict, init=False)

    async def get(self, sender: str) -> Cursor | None:
        """Up to where ``sender`` was applied; an unknown one is given an epoch that none has."""
        return self.cursors.get(sender, Cursor("", 0))

    async def apply(self, sender: Sender, updates: Sequence[Update]) -> None:
        """Apply updates in order; once this returns they are spooled towards the analyzer."""
        for update in updates:
            await self._apply(update.payload)
        self.cursors[sender.name] = Cursor(sender.epoch, updates[-1].sequence)

    def snapshots(self) -> tuple[SymptomDelta, ...]:
        """The active symptoms of every agent."""
        return tuple(SymptomDelta(source, tuple(known.values()), True) for source, known in self.active.items())

    async def _apply(self, payload: TopologyDelta | SymptomDelta | Evidence | Snapshot) -> None:
        match payload:
            case TopologyDelta():
                await self.uplink().topology(self.intake.merge(payload))
            case SymptomDelta():
                self._remember(payload)
                await self.uplink().symptoms(payload)
            case Snapshot():
                for topology in payload.topology:
                    await self._apply(topology)
                for symptoms in payload.symptoms:
                    await self._apply(symptoms)

    def _remember(self, delta: SymptomDelta) -> None:
        known = {} if delta.snapshot else self.active.get(delta.source, {})
        for manifestation in delta.manifestations:
            if manifestation.symptom.active:
                known[manifestation.symptom.key] = manifestation
            else:
                known.pop(manifestation.symptom.key, None)
        self.active[delta.source] = known
