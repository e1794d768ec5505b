"""Hypothesis strategies for what crosses a wire."""

import math

from hypothesis import strategies as st

from causely_core.model import (
    ActionState,
    Baseline,
    Entity,
    Evidence,
    EvidenceItem,
    EvidenceRequest,
    Manifestation,
    Relation,
    RemediationAction,
    Symptom,
    SymptomDelta,
    ThresholdSource,
    TopologyDelta,
    entity_id,
)
from causely_core.wire import Snapshot, Update

texts = st.text(max_size=40)
names = st.text(min_size=1, max_size=40)
types = st.text(min_size=1, max_size=10).filter(lambda text: ":" not in text)
ids = st.builds(entity_id, types, names)
attributes = st.dictionaries(names, texts, max_size=3)
numbers = st.floats(allow_nan=False, allow_infinity=False)
shares = st.floats(0, 1)
sequences = st.integers(0, 2**64 - 1)

entities = st.builds(Entity.of, types, names, names, attributes)
relations = st.builds(Relation, ids, names, ids, attributes)
baselines = st.builds(Baseline, numbers | st.just(math.nan), numbers, st.sampled_from(ThresholdSource))
symptoms = st.builds(Symptom, ids, names, st.booleans(), numbers, numbers, shares, texts, numbers, baselines, texts)
manifestations = st.builds(Manifestation, symptoms, st.dictionaries(names, numbers, max_size=3))


def tuples(of):
    return st.lists(of, max_size=3).map(tuple)


topology_deltas = st.builds(
    TopologyDelta,
    names,
    sequences,
    tuples(entities),
    tuples(relations),
    tuples(ids),
    tuples(relations),
    st.booleans(),
)
symptom_deltas = st.builds(SymptomDelta, names, tuples(manifestations), st.booleans())
points = st.lists(st.tuples(numbers, numbers), max_size=3).map(lambda rows: tuple(zip(*rows, strict=True)) or ((), ()))
evidence_items = st.builds(
    lambda kind, id, title, rows: EvidenceItem(kind, id, title, *rows),
    st.sampled_from(["series", "log_template"]),
    ids,
    texts,
    points,
)
evidence = st.builds(Evidence, names, names, tuples(evidence_items), st.booleans(), texts)
evidence_requests = st.builds(
    lambda id, cause, entities, times, size, attributes: EvidenceRequest(
        id, cause, entities, min(times), max(times), size, attributes
    ),
    names,
    names,
    tuples(ids),
    st.tuples(numbers, numbers),
    st.integers(0, 2**32 - 1),
    tuples(names),
)
actions = st.builds(RemediationAction, names, names, ids, names, st.sampled_from(ActionState), attributes)
snapshots = st.builds(Snapshot, tuples(topology_deltas), tuples(symptom_deltas))
updates = st.builds(Update, sequences, numbers, topology_deltas | symptom_deltas | evidence | snapshots)
