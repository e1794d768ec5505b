"""Diagnosing a recorded incident: the live system's detectors, gate and inference, over what was recorded."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import evolve, frozen

from causely_core.causal import Catalogue, build_graph, diagnose
from causely_core.detection import SymptomDetector
from causely_core.detection.review import Attribution, attribute, review, watched, weighed, with_own
from causely_core.egress import EgressGate, EgressPolicy, Ledger
from causely_core.incidents.answer import Answer
from causely_core.incidents.ids import Ids, typed
from causely_core.incidents.incident import Incident
from causely_core.incidents.recording import recording_of
from causely_core.incidents.revealed import revealed
from causely_core.model import (
    WATCHED,
    Baseline,
    Diagnosis,
    EntityId,
    Manifestation,
    ManualClock,
    RootCause,
    Symptom,
    SymptomDelta,
    SymptomKey,
    ThresholdSource,
    Topology,
    TopologyDelta,
)

_SOURCE = "recorded"

_KEY = "offline"
"""Of hidden names: nothing of them leaves, and the same recording has to give the same answer."""


def diagnose_incident(incident: Incident, detectors: Sequence[SymptomDetector], catalogue: Catalogue) -> Answer:
    """Find what caused the incident. Pure but for a ledger of its own that is thrown away.

    Args:
        incident: as recorded.
        detectors: of the core and all plugins, as a mediator has them.
        catalogue: of causal models, as an analyzer has it.
    """
    ids = Ids.of(incident)
    inside = typed(incident, ids)
    recording = with_own(recording_of(inside), inside.relations)
    symptoms = review(detectors, recording)
    attribution = Attribution({}, {})
    if inside.reported is not None:
        attribution = attribute(recording, inside.relations, inside.reported)
        symptoms = _with_reported(weighed(symptoms, attribution, inside.reported), inside.reported, inside)
    seen = _judged(inside, symptoms, watched(detectors, recording))
    found, hidden = _diagnose(seen, catalogue, recording.end)
    answer = Answer(inside, ids, symptoms, revealed(found, hidden), attribution)
    return evolve(answer, diagnosis=evolve(answer.diagnosis, root_causes=_ranked(answer)))


@frozen
class _Seen:
    """What a mediator would send."""

    topology: TopologyDelta
    symptoms: SymptomDelta


def _with_reported(
    symptoms: Mapping[SymptomKey, Symptom], reported: SymptomKey, incident: Incident
) -> dict[SymptomKey, Symptom]:
    """What a person noticed is no noise, whether a detector saw it or not."""
    unseen = Baseline(math.nan, math.nan, ThresholdSource.MANUAL)
    # Nobody knows when it began; at the end, no cause in the window is too late for it.
    end = incident.window.end
    noticed = Symptom(reported.entity, reported.name, True, end, end, 1.0, "", math.nan, unseen, "reported")
    return {**symptoms, reported: evolve(symptoms.get(reported, noticed), severity=1.0)}


def _judged(incident: Incident, symptoms: Mapping[SymptomKey, Symptom], judged: Mapping[EntityId, set[str]]) -> _Seen:
    entities = tuple(
        evolve(entity, attributes={**entity.attributes, WATCHED: " ".join(sorted(judged.get(entity.id, ())))})
        for entity in incident.entities
    )
    manifestations = tuple(Manifestation(symptom) for symptom in symptoms.values())
    return _Seen(
        TopologyDelta(_SOURCE, 0, entities, incident.relations, snapshot=True),
        SymptomDelta(_SOURCE, manifestations, snapshot=True),
    )


def _diagnose(seen: _Seen, catalogue: Catalogue, now: float) -> tuple[Diagnosis, dict[EntityId, EntityId]]:
    """Root causes of what passes the gate, and the ids that it hid."""
    topology = Topology()
    with TemporaryDirectory() as folder, closing(Ledger(Path(folder))) as ledger:
        gate = EgressGate(EgressPolicy(key=_KEY), ledger, "offline", ManualClock(now))
        for delta in gate.topology(seen.topology):
            topology.apply(delta)
        passed = [each.symptom for delta in gate.symptoms(seen.symptoms) for each in delta.manifestations]
        hidden = {id: gate.original(id) for id in topology.entities}
    graph = build_graph(catalogue, topology.entities, topology.relations)
    return diagnose(graph, {symptom.key: symptom for symptom in passed}, now), hidden


def _ranked(answer: Answer) -> tuple[RootCause, ...]:
    """Causes of what was reported first, those that take the largest part in it before others."""
    causes = answer.diagnosis.root_causes
    return tuple(sorted(causes, key=lambda cause: (answer.related(cause) is False, -(answer.share(cause) or 0.0))))
