"""Evidence and the requests for it."""

from __future__ import annotations

from causely_core.model import Evidence, EvidenceItem, EvidenceRequest
from causely_core.wire.convert import check
from causely_core.wire.errors import WireError
from causely_core.wire.pb import evidence_pb2 as pb

KINDS = ("series", "log_template")
"""What a piece of evidence may be."""


def evidence_request_to_pb(request: EvidenceRequest) -> pb.EvidenceRequest:
    """Encode an evidence request."""
    _check_request(request)
    return pb.EvidenceRequest(
        id=request.id,
        root_cause=request.root_cause,
        entities=request.entities,
        start=request.start,
        end=request.end,
        max_bytes=request.max_bytes,
        attributes=request.attributes,
    )


def evidence_request_from_pb(message: pb.EvidenceRequest) -> EvidenceRequest:
    """Decode an evidence request."""
    entities = tuple(check.entity_id("evidence_request.entities", id) for id in message.entities)
    request = EvidenceRequest(
        message.id,
        message.root_cause,
        entities,
        message.start,
        message.end,
        message.max_bytes,
        tuple(message.attributes),
    )
    return _check_request(request)


def evidence_to_pb(evidence: Evidence) -> pb.Evidence:
    """Encode evidence."""
    _check_evidence(evidence)
    return pb.Evidence(
        request_id=evidence.request_id,
        root_cause=evidence.root_cause,
        items=map(_item_to_pb, evidence.items),
        truncated=evidence.truncated,
        refused=evidence.refused,
    )


def evidence_from_pb(message: pb.Evidence) -> Evidence:
    """Decode evidence."""
    items = tuple(map(_item_from_pb, message.items))
    return _check_evidence(Evidence(message.request_id, message.root_cause, items, message.truncated, message.refused))


def _item_to_pb(item: EvidenceItem) -> pb.EvidenceItem:
    _check_item(item)
    return pb.EvidenceItem(kind=item.kind, entity=item.entity, title=item.title, times=item.times, values=item.values)


def _item_from_pb(message: pb.EvidenceItem) -> EvidenceItem:
    entity = check.entity_id("evidence.entity", message.entity)
    return _check_item(EvidenceItem(message.kind, entity, message.title, tuple(message.times), tuple(message.values)))


def _check_request(request: EvidenceRequest) -> EvidenceRequest:
    check.text("evidence_request.id", request.id, required=True)
    check.text("evidence_request.root_cause", request.root_cause, required=True)
    for id in request.entities:
        check.entity_id("evidence_request.entities", id)
    start, end = check.finite("evidence_request.start", request.start), request.end
    if not check.finite("evidence_request.end", end) >= start:
        raise WireError(f"evidence_request.end: {end} is before the start {start}, expected a later time")
    check.count("evidence_request.max_bytes", request.max_bytes, 2**32 - 1)
    return request


def _check_evidence(evidence: Evidence) -> Evidence:
    check.text("evidence.request_id", evidence.request_id, required=True)
    check.text("evidence.root_cause", evidence.root_cause, required=True)
    check.text("evidence.refused", evidence.refused)
    return evidence


def _check_item(item: EvidenceItem) -> EvidenceItem:
    if item.kind not in KINDS:
        raise WireError(f"evidence.kind: {item.kind!a} is unknown, expected one of {', '.join(KINDS)}")
    check.entity_id("evidence.entity", item.entity)
    check.text("evidence.title", item.title)
    if len(item.times) != len(item.values):
        raise WireError(f"evidence: {len(item.times)} times for {len(item.values)} values, expected as many")
    for number in (*item.times, *item.values):
        check.finite("evidence.values", number)
    return item
