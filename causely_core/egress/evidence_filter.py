"""What crosses of evidence."""

from __future__ import annotations

from attrs import evolve

from causely_core.egress.allowlist import MAX_VALUE
from causely_core.egress.cleaner import Cleaner
from causely_core.egress.policy import EgressPolicy, EvidencePolicy
from causely_core.egress.tally import Tally
from causely_core.model import Evidence, EvidenceItem

REFUSED = "the egress policy of this cluster refuses evidence"


def filter_evidence(evidence: Evidence, policy: EgressPolicy, cleaner: Cleaner, tally: Tally) -> Evidence:
    """Items in order until the policy's bytes are used up; none when it refuses."""
    request_id = cleaner.text(evidence.request_id, tally)
    root_cause = cleaner.text(evidence.root_cause, tally)
    if policy.evidence is EvidencePolicy.REFUSE:
        tally.drops["items"] += len(evidence.items)
        return Evidence(request_id, root_cause, refused=REFUSED)
    items = _fitting(evidence, policy, cleaner, tally)
    cut = len(items) < len(evidence.items)
    refused = cleaner.text(evidence.refused, tally)
    return Evidence(request_id, root_cause, items, evidence.truncated or cut, refused)


def _fitting(evidence: Evidence, policy: EgressPolicy, cleaner: Cleaner, tally: Tally) -> tuple[EvidenceItem, ...]:
    fitting: list[EvidenceItem] = []
    for item in evidence.items:
        counted = Tally()
        filtered = _item(item, cleaner, counted)
        if tally.bytes + counted.bytes > policy.evidence_max_bytes:
            tally.drops["items"] += len(evidence.items) - len(fitting)
            break
        fitting.append(filtered)
        tally.bytes += counted.bytes
        tally.redactions.update(counted.redactions)
        tally.items[item.kind] += 1
    return tuple(fitting)


def _item(item: EvidenceItem, cleaner: Cleaner, tally: Tally) -> EvidenceItem:
    tally.number(len(item.times) + len(item.values))
    return evolve(
        item,
        kind=cleaner.text(item.kind, tally),
        entity=cleaner.id(item.entity, tally),
        title=cleaner.text(item.title, tally, MAX_VALUE),
    )
