"""Things to say on a link, by hand and by hypothesis, and what a store must hold after them."""

from hypothesis import strategies as st

from causely_core.model import (
    Baseline,
    Entity,
    EntityId,
    Evidence,
    Manifestation,
    Relation,
    RootCause,
    Symptom,
    SymptomDelta,
    SymptomKey,
    ThresholdSource,
    TopologyDelta,
)
from causely_core.storage import RootCauseRecord
from causely_core.wire.cursor import Sender
from causely_core.wire.update import Snapshot, Update

MEDIATOR = Sender("mediator", "epoch-1", "1.0", "shop")


def symptom(entity="Service:cart", name="RequestLatency_High", active=True, onset=100.0, **other):
    values = {"updated_at": onset, "severity": 0.5, "attribute": "request_duration.p95", "value": 1.5}
    baseline = Baseline(float("nan"), 1.0, ThresholdSource.DEFAULT)
    return Symptom(EntityId(entity), name, active, onset, baseline=baseline, **{**values, **other})


def symptoms(*told, source="mediator", snapshot=False):
    return SymptomDelta(source, tuple(Manifestation(one, {"p95": one.value}) for one in told), snapshot)


def updates(*payloads, first=1):
    return [Update(number, 0.0, payload) for number, payload in enumerate(payloads, first)]


def record(id="r1", entity="Service:cart", cause="CPUCongested", cleared_at=None, rank=0, **other):
    root_cause = RootCause(id, EntityId(entity), cause, 0.9, 100.0, **other)
    return RootCauseRecord(root_cause, "cart", 0.5, rank, 102.0, cleared_at)


def evidence(request="q1", root_cause="r1", **other):
    return Evidence(request, root_cause, **other)


def told(state):
    """All of a state in values that compare, relations with their attributes."""
    return {
        sender: (
            {s.source: _topology(s) for s in said.topology.snapshots()},
            # NaN does not equal itself; the text tells as much.
            {(source, key): repr(one) for source, known in said.symptoms.items() for key, one in known.items()},
        )
        for sender, said in state.senders.items()
    }


def _topology(said):
    relations = {(r.source, r.type, r.target): dict(r.attributes) for r in said.relations}
    return said.version, {entity.id: entity for entity in said.entities}, relations


_ids = st.sampled_from([EntityId(f"Service:{name}") for name in "abc"])
_attributes = st.dictionaries(st.sampled_from(["mode", "zone"]), st.sampled_from(["x", "ü"]), max_size=2)
_entities = st.builds(lambda id, attributes: Entity(id, "Service", id[-1], attributes), _ids, _attributes)
_relations = st.builds(Relation, _ids, st.sampled_from(["calls", "part_of"]), _ids, _attributes)
_names = st.sampled_from(["RequestLatency_High", "RequestErrorRate_High"])
_symptoms = st.builds(symptom, _ids, _names, st.booleans(), st.sampled_from([1.0, 2.0, 3.5]))


def _several(items):
    return st.lists(items, max_size=3).map(tuple)


_topologies = st.builds(
    TopologyDelta,
    st.sampled_from(["otlp", "k8s"]),
    st.one_of(st.integers(0, 4), st.just(2**64 - 1)),
    _several(_entities),
    _several(_relations),
    _several(_ids),
    _several(_relations),
    st.booleans(),
)
_told = st.builds(
    lambda told, source, snapshot: symptoms(*told, source=source, snapshot=snapshot),
    _several(_symptoms),
    st.sampled_from(["mediator", "agent/n1"]),
    st.booleans(),
)
_snapshots = st.builds(Snapshot, _several(_topologies), _several(_told))
payloads = st.one_of(_topologies, _told, _snapshots)
KEY = SymptomKey(EntityId("Service:cart"), "RequestLatency_High")
