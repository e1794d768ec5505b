"""Model to protobuf and back, both ways checked: what is not well-formed raises :class:`WireError`.

The names are regular: ``<noun>_to_pb(model) -> message`` and ``<noun>_from_pb(message) -> model``.
"""

from causely_core.wire.convert.evidence import (
    evidence_from_pb,
    evidence_request_from_pb,
    evidence_request_to_pb,
    evidence_to_pb,
)
from causely_core.wire.convert.remediation import action_from_pb, action_to_pb
from causely_core.wire.convert.symptom import (
    manifestation_from_pb,
    manifestation_to_pb,
    symptom_delta_from_pb,
    symptom_delta_to_pb,
    symptom_from_pb,
    symptom_to_pb,
)
from causely_core.wire.convert.topology import (
    entity_from_pb,
    entity_to_pb,
    relation_from_pb,
    relation_to_pb,
    topology_delta_from_pb,
    topology_delta_to_pb,
)
from causely_core.wire.convert.update import snapshot_from_pb, snapshot_to_pb, update_from_pb, update_to_pb

__all__ = [
    "action_from_pb",
    "action_to_pb",
    "entity_from_pb",
    "entity_to_pb",
    "evidence_from_pb",
    "evidence_request_from_pb",
    "evidence_request_to_pb",
    "evidence_to_pb",
    "manifestation_from_pb",
    "manifestation_to_pb",
    "relation_from_pb",
    "relation_to_pb",
    "snapshot_from_pb",
    "snapshot_to_pb",
    "symptom_delta_from_pb",
    "symptom_delta_to_pb",
    "symptom_from_pb",
    "symptom_to_pb",
    "topology_delta_from_pb",
    "topology_delta_to_pb",
    "update_from_pb",
    "update_to_pb",
]
