"""What agents forward: merged into the mediator's topology and symptoms, and passed on through the gate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from attrs import define, field

from causely_core.model import Evidence, SymptomDelta, TopologyDelta
from causely_core.services.mediator.active import ActiveSymptoms
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
    active: dict[str, ActiveSymptoms] = field(factory=dict, init=False)
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
        return tuple(known.snapshot(source, self.intake.name) for source, known in self.active.items())

    async def rename(self) -> None:
        """Tell anew of symptoms whose entities are known under other names by now; to call after topology was told."""
        renamed = self.intake.renamed()
        for source, known in self.active.items() if renamed else ():
            if known.entities & renamed:
                await self.uplink().symptoms(known.snapshot(source, self.intake.name))

    async def _apply(self, said: _Sources, payload: TopologyDelta | SymptomDelta | Evidence | Snapshot) -> None:
        match payload:
            case TopologyDelta():
                said.topology.add(payload.source)
                for told in self.intake.merge(payload):
                    await self.uplink().topology(told)
                await self.rename()
            case SymptomDelta():
                said.symptoms.add(payload.source)
                known = self.active.setdefault(payload.source, ActiveSymptoms())
                await self.uplink().symptoms(known.apply(payload, self.intake.name))
            case Snapshot():
                for delta in (*_ended(said, payload), *payload.topology, *payload.symptoms):
                    await self._apply(said, delta)


def _ended(said: _Sources, snapshot: Snapshot) -> Iterator[TopologyDelta | SymptomDelta]:
    """Empty snapshots of the sources that the agent's snapshot does not name any more."""
    for source in sorted(said.topology - {delta.source for delta in snapshot.topology}):
        yield TopologyDelta(source, 0, snapshot=True)
    for source in sorted(said.symptoms - {delta.source for delta in snapshot.symptoms}):
        yield SymptomDelta(source, (), True)
