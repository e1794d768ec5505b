"""What agents forward: merged into the mediator's topology and symptoms, and passed on through the gate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from attrs import define, field

from causely_core.model import Evidence, Manifestation, SymptomDelta, SymptomKey, TopologyDelta
from causely_core.services.mediator.uplink import Uplink
from causely_core.services.watching.topology import TopologyIntake
from causely_core.wire import Snapshot, Update
from causely_core.wire.cursor import Cursor, Sender


@define
class _Sources:
    """Under which names one agent has spoken."""

    topology: set[str] = field(factory=set)
    symptoms: set[str] = field(factory=set)


@define
class AgentIntake:
    """Applies agents' updates; also the store of how far each agent was applied.

    Cursors live in memory: a mediator that restarts knows nothing of its agents, and each sends a snapshot.
    """

    intake: TopologyIntake
    uplink: Callable[[], Uplink]
    cursors: dict[str, Cursor] = field(factory=dict, init=False)
    active: dict[str, dict[SymptomKey, Manifestation]] = field(factory=dict, init=False)
    _sources: dict[str, _Sources] = field(factory=lambda: defaultdict(_Sources), init=False)

    async def get(self, sender: str) -> Cursor | None:
        """Up to where ``sender`` was applied; an unknown one is given an epoch that none has."""
        return self.cursors.get(sender, Cursor("", 0))

    async def apply(self, sender: Sender, updates: Sequence[Update]) -> None:
        """Apply updates in order; once this returns they are spooled towards the analyzer."""
        for update in updates:
            await self._apply(self._sources[sender.name], update.payload)
        self.cursors[sender.name] = Cursor(sender.epoch, updates[-1].sequence)

    async def forget(self, name: str) -> None:
        """Withdraw all that the agent said; should it come back, it is asked for everything."""
        await self._apply(self._sources[name], Snapshot())
        del self._sources[name], self.cursors[name]

    def snapshots(self) -> tuple[SymptomDelta, ...]:
        """The active symptoms of every agent."""
        return tuple(SymptomDelta(source, tuple(known.values()), True) for source, known in self.active.items())

    async def _apply(self, said: _Sources, payload: TopologyDelta | SymptomDelta | Evidence | Snapshot) -> None:
        match payload:
            case TopologyDelta():
                said.topology.add(payload.source)
                await self.uplink().topology(self.intake.merge(payload))
            case SymptomDelta():
                said.symptoms.add(payload.source)
                self._remember(payload)
                await self.uplink().symptoms(payload)
            case Snapshot():
                for delta in (*_ended(said, payload), *payload.topology, *payload.symptoms):
                    await self._apply(said, delta)

    def _remember(self, delta: SymptomDelta) -> None:
        known = {} if delta.snapshot else self.active.get(delta.source, {})
        for manifestation in delta.manifestations:
            if manifestation.symptom.active:
                known[manifestation.symptom.key] = manifestation
            else:
                known.pop(manifestation.symptom.key, None)
        self.active[delta.source] = known


def _ended(said: _Sources, snapshot: Snapshot) -> Iterator[TopologyDelta | SymptomDelta]:
    """Empty snapshots of the sources that the agent's snapshot does not name any more."""
    for source in sorted(said.topology - {delta.source for delta in snapshot.topology}):
        yield TopologyDelta(source, 0, snapshot=True)
    for source in sorted(said.symptoms - {delta.source for delta in snapshot.symptoms}):
        yield SymptomDelta(source, (), True)
