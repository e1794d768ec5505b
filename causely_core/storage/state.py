"""What all senders say at present, in memory; the tables hold the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import define, evolve, field

from causely_core.model import Symptom, SymptomDelta, SymptomKey, Topology, TopologyDelta
from causely_core.wire.update import Snapshot, Update

SEPARATOR = "\0"
"""Between sender and source in the merged topology: no name contains it, so no two pairs fall together."""


@define
class Said:
    """What one sender says at present.

    Attributes:
        topology: merged over its sources.
        symptoms: active ones by source.
    """

    topology: Topology = field(factory=Topology)
    symptoms: dict[str, dict[SymptomKey, Symptom]] = field(factory=dict)

    def hear(self, delta: SymptomDelta) -> None:
        """Take in what changed for one source, or with a snapshot all that is active there."""
        known = {} if delta.snapshot else self.symptoms.get(delta.source, {})
        for symptom in (manifestation.symptom for manifestation in delta.manifestations):
            if symptom.active:
                known[symptom.key] = symptom
            else:
                known.pop(symptom.key, None)
        self.symptoms[delta.source] = known


@define
class State:
    """Topology and active symptoms of every sender.

    Attributes:
        senders: what each says, by name.
        topology_revision: grows whenever the topology may have changed.
    """

    senders: dict[str, Said] = field(factory=dict)
    topology_revision: int = 0

    def apply(self, sender: str, updates: Iterable[Update]) -> bool:
        """Take in updates in order; false when none of them can change a diagnosis."""
        changed = False
        for update in updates:
            changed |= self._apply(sender, update)
        return changed

    @property
    def topology(self) -> Topology:
        """The topologies of all senders as one; costs a walk over all of it."""
        merged = Topology()
        for sender, said in self.senders.items():
            for snapshot in said.topology.snapshots():
                merged.apply(evolve(snapshot, source=f"{sender}{SEPARATOR}{snapshot.source}"))
        return merged

    @property
    def active(self) -> dict[SymptomKey, Symptom]:
        """Active symptoms by key, sorted; of a symptom told by several the worst, then the earliest."""
        worst: dict[SymptomKey, Symptom] = {}
        for symptom in self._told():
            known = worst.get(symptom.key)
            if known is None or _badness(symptom) > _badness(known):
                worst[symptom.key] = symptom
        return dict(sorted(worst.items()))

    def _told(self) -> Iterable[Symptom]:
        for _, said in sorted(self.senders.items()):
            for _, symptoms in sorted(said.symptoms.items()):
                yield from symptoms.values()

    def _apply(self, sender: str, update: Update) -> bool:
        match update.payload:
            case TopologyDelta() as delta:
                return self._topology(self._said(sender), delta)
            case SymptomDelta() as delta:
                self._said(sender).hear(delta)
                return True
            case Snapshot() as snapshot:
                self._snapshot(sender, snapshot)
                return True
        return False

    def _snapshot(self, sender: str, snapshot: Snapshot) -> None:
        self.senders[sender] = said = Said()
        self.topology_revision += 1
        for topology in snapshot.topology:
            self._topology(said, topology)
        for symptoms in snapshot.symptoms:
            said.hear(symptoms)

    def _topology(self, said: Said, delta: TopologyDelta) -> bool:
        applied = said.topology.apply(delta)
        self.topology_revision += applied
        return applied

    def _said(self, sender: str) -> Said:
        return self.senders.setdefault(sender, Said())


def restore(topologies: Mapping[str, list[TopologyDelta]], symptoms: Mapping[str, list[SymptomDelta]]) -> State:
    """The state that senders with these snapshots are in."""
    state = State()
    for sender in topologies.keys() | symptoms.keys():
        everything = Snapshot(tuple(topologies.get(sender, ())), tuple(symptoms.get(sender, ())))
        state.apply(sender, [Update(0, 0.0, everything)])
    return state


def _badness(symptom: Symptom) -> tuple[float, float]:
    return symptom.severity, -symptom.onset
