"""The way up: everything passes the egress gate, is spooled, and is sent until the analyzer has stored it."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import define

from causely_core.egress.gate import EgressGate
from causely_core.model import Evidence, SymptomDelta, TopologyDelta
from causely_core.wire import Snapshot
from causely_core.wire.sender import LinkSender


@define
class Uplink:
    """Gate and sequenced link in one; the only thing in the mediator that knows the analyzer."""

    gate: EgressGate
    link: LinkSender

    async def topology(self, delta: TopologyDelta) -> None:
        """Send what may cross of a topology delta."""
        for allowed in self.gate.topology(delta):
            await self.link.send(allowed)

    async def symptoms(self, delta: SymptomDelta) -> None:
        """Send what may cross of changed symptoms."""
        for allowed in self.gate.symptoms(delta):
            await self.link.send(allowed)

    async def evidence(self, evidence: Evidence) -> None:
        """Send what may cross of an answer to an evidence request."""
        await self.link.send(self.gate.evidence(evidence))

    def snapshot(self, topology: Iterable[TopologyDelta], symptoms: Iterable[SymptomDelta]) -> Snapshot:
        """All that may cross, for a link whose numbers no longer meet."""
        return Snapshot(
            tuple(part for delta in topology for part in self.gate.topology(delta)),
            tuple(part for delta in symptoms for part in self.gate.symptoms(delta)),
        )
