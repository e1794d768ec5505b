"""The gate: the one place that says what crosses from the cluster to the analyzer."""

from __future__ import annotations

from collections import Counter

from attrs import define, evolve, field

from causely_core.egress.cleaner import Cleaner
from causely_core.egress.evidence_filter import filter_evidence
from causely_core.egress.key import load_key
from causely_core.egress.ledger import Ledger
from causely_core.egress.policy import EgressPolicy
from causely_core.egress.split import split_symptoms, split_topology
from causely_core.egress.symptom_filter import filter_symptoms
from causely_core.egress.tally import Tally
from causely_core.egress.topology_filter import filter_topology
from causely_core.model import (
    Clock,
    EntityId,
    Evidence,
    EvidenceRequest,
    SymptomDelta,
    SystemClock,
    TopologyDelta,
)


@define(eq=False)
class EgressGate:
    """Lets topology, symptoms and evidence out, and nothing else: raw observations have no way through.

    Whatever leaves is rebuilt field by field with listed attributes, bounded lengths and redacted texts, and
    recorded in the ledger. The same id always becomes the same redacted id.

    Attributes:
        policy: the operator's decisions.
        ledger: where crossings are recorded; the key of the redaction is kept beside it.
        destination: the analyzer's address, for the ledger.
    """

    policy: EgressPolicy
    ledger: Ledger
    destination: str = ""
    clock: Clock = field(factory=SystemClock)
    _cleaner: Cleaner = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Set up the redaction.

        Raises:
            OSError: the key cannot be kept in the ledger's folder.
        """
        key = load_key(self.ledger.data_dir, self.policy.key)
        self._cleaner = Cleaner(key, self.policy.redact_ips)

    def topology(self, delta: TopologyDelta) -> tuple[TopologyDelta, ...]:
        """What may cross of a delta, in parts of at most ``policy.max_items``, to be sent in this order.

        Versions are spread out to make room for the parts (``split.py``).

        Raises:
            TypeError: anything but a topology delta is given.
        """
        _only(TopologyDelta, delta)
        parts = split_topology(delta, self.policy.max_items)
        return tuple(self._topology(part) for part in parts)

    def symptoms(self, delta: SymptomDelta) -> tuple[SymptomDelta, ...]:
        """What may cross of symptoms, in parts of at most ``policy.max_items``, to be sent in this order.

        Raises:
            TypeError: anything but a symptom delta is given.
        """
        _only(SymptomDelta, delta)
        parts = split_symptoms(delta, self.policy.max_items)
        return tuple(self._symptoms(part) for part in parts)

    def evidence(self, evidence: Evidence) -> Evidence:
        """What may cross of evidence; a refusal without items when the policy says so.

        Raises:
            TypeError: anything but evidence is given.
        """
        _only(Evidence, evidence)
        tally = Tally()
        filtered = filter_evidence(evidence, self.policy, self._cleaner, tally)
        self._record("out", "evidence", tally)
        return filtered

    def request(self, request: EvidenceRequest) -> EvidenceRequest:
        """A request that came in, with the ids that are used inside, and bounded as the policy says."""
        tally = Tally(items=Counter(entities=len(request.entities)))
        self._record("in", "evidence_request", tally)
        limit = min(request.max_bytes, self.policy.evidence_max_bytes)
        return evolve(request, entities=tuple(map(self.original, request.entities)), max_bytes=limit)

    def original(self, id: EntityId) -> EntityId:
        """The id inside the cluster of an entity that the analyzer names, for requests and actions."""
        return self._cleaner.original(id)

    def _topology(self, delta: TopologyDelta) -> TopologyDelta:
        tally = Tally()
        filtered = filter_topology(delta, self.policy, self._cleaner, tally)
        self._record("out", "topology", tally)
        return filtered

    def _symptoms(self, delta: SymptomDelta) -> SymptomDelta:
        tally = Tally()
        filtered = filter_symptoms(delta, self._cleaner, tally)
        self._record("out", "symptoms", tally)
        return filtered

    def _record(self, direction: str, kind: str, tally: Tally) -> None:
        self.ledger.record(tally.crossing(self.clock.now(), direction, kind, self.destination))


def _only(type: type, value: object) -> None:
    if not isinstance(value, type):
        raise TypeError(f"egress: a {value.__class__.__name__} must not cross, expected a {type.__name__}")
