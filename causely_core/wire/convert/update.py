"""Updates and snapshots."""

from __future__ import annotations

from causely_core.model import Evidence, SymptomDelta, TopologyDelta
from causely_core.wire.convert import check
from causely_core.wire.convert.evidence import evidence_from_pb, evidence_to_pb
from causely_core.wire.convert.symptom import symptom_delta_from_pb, symptom_delta_to_pb
from causely_core.wire.convert.topology import topology_delta_from_pb, topology_delta_to_pb
from causely_core.wire.errors import WireError
from causely_core.wire.pb import update_pb2 as pb
from causely_core.wire.update import Payload, Snapshot, Update


def update_to_pb(update: Update) -> pb.Update:
    """Encode an update."""
    sequence = check.count("update.sequence", update.sequence)
    time = check.finite("update.time", update.time)
    payload = update.payload
    match payload:
        case TopologyDelta():
            return pb.Update(sequence=sequence, time=time, topology=topology_delta_to_pb(payload))
        case SymptomDelta():
            return pb.Update(sequence=sequence, time=time, symptoms=symptom_delta_to_pb(payload))
        case Evidence():
            return pb.Update(sequence=sequence, time=time, evidence=evidence_to_pb(payload))
        case Snapshot():
            return pb.Update(sequence=sequence, time=time, snapshot=snapshot_to_pb(payload))
    raise WireError(
        f"update.payload: a {type(payload).__name__} cannot be sent, expected a delta, evidence or snapshot"
    )


def update_from_pb(message: pb.Update) -> Update:
    """Decode an update."""
    return Update(message.sequence, check.finite("update.time", message.time), _payload(message))


def snapshot_to_pb(snapshot: Snapshot) -> pb.Snapshot:
    """Encode a snapshot."""
    return pb.Snapshot(
        topology=map(topology_delta_to_pb, snapshot.topology),
        symptoms=map(symptom_delta_to_pb, snapshot.symptoms),
    )


def snapshot_from_pb(message: pb.Snapshot) -> Snapshot:
    """Decode a snapshot."""
    topology = tuple(map(topology_delta_from_pb, message.topology))
    return Snapshot(topology, tuple(map(symptom_delta_from_pb, message.symptoms)))


def _payload(message: pb.Update) -> Payload:
    match message.WhichOneof("payload"):
        case "topology":
            return topology_delta_from_pb(message.topology)
        case "symptoms":
            return symptom_delta_from_pb(message.symptoms)
        case "evidence":
            return evidence_from_pb(message.evidence)
        case "snapshot":
            return snapshot_from_pb(message.snapshot)
    raise WireError(f"update {message.sequence}: no known payload, expected topology, symptoms, evidence or snapshot")
