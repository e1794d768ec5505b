"""Symptoms, manifestations and symptom deltas."""

from __future__ import annotations

import math

from causely_core.model import Baseline, Manifestation, Symptom, SymptomDelta, ThresholdSource
from causely_core.wire.convert import check
from causely_core.wire.errors import WireError
from causely_core.wire.pb import symptom_pb2 as pb

_TO_PB = {
    ThresholdSource.DEFAULT: pb.THRESHOLD_SOURCE_DEFAULT,
    ThresholdSource.LEARNED: pb.THRESHOLD_SOURCE_LEARNED,
    ThresholdSource.MANUAL: pb.THRESHOLD_SOURCE_MANUAL,
}
_FROM_PB = {number: source for source, number in _TO_PB.items()}


def symptom_to_pb(symptom: Symptom) -> pb.Symptom:
    """Encode a symptom."""
    _check_symptom(symptom)
    baseline = symptom.baseline
    return pb.Symptom(
        entity=symptom.entity,
        name=symptom.name,
        active=symptom.active,
        onset=symptom.onset,
        updated_at=symptom.updated_at,
        severity=symptom.severity,
        attribute=symptom.attribute,
        value=symptom.value,
        baseline=pb.Baseline(
            center=baseline.center,
            threshold=baseline.threshold,
            source=_TO_PB[ThresholdSource(baseline.source)],
        ),
        detector=symptom.detector,
    )


def symptom_from_pb(message: pb.Symptom) -> Symptom:
    """Decode a symptom."""
    return _check_symptom(
        Symptom(
            entity=check.entity_id("symptom.entity", message.entity),
            name=message.name,
            active=message.active,
            onset=message.onset,
            updated_at=message.updated_at,
            severity=message.severity,
            attribute=message.attribute,
            value=message.value,
            baseline=_baseline(message.baseline),
            detector=message.detector,
        )
    )


def manifestation_to_pb(manifestation: Manifestation) -> pb.Manifestation:
    """Encode a manifestation."""
    summary = check.numbers("manifestation.summary", manifestation.summary)
    return pb.Manifestation(symptom=symptom_to_pb(manifestation.symptom), summary=summary)


def manifestation_from_pb(message: pb.Manifestation) -> Manifestation:
    """Decode a manifestation."""
    summary = check.numbers("manifestation.summary", message.summary)
    return Manifestation(symptom_from_pb(message.symptom), summary)


def symptom_delta_to_pb(delta: SymptomDelta) -> pb.SymptomDelta:
    """Encode a symptom delta."""
    return pb.SymptomDelta(
        source=check.text("symptoms.source", delta.source, required=True),
        snapshot=delta.snapshot,
        manifestations=map(manifestation_to_pb, delta.manifestations),
    )


def symptom_delta_from_pb(message: pb.SymptomDelta) -> SymptomDelta:
    """Decode a symptom delta."""
    source = check.text("symptoms.source", message.source, required=True)
    return SymptomDelta(source, tuple(map(manifestation_from_pb, message.manifestations)), message.snapshot)


def _baseline(message: pb.Baseline) -> Baseline:
    source = _FROM_PB.get(message.source)
    if source is None:
        raise WireError(f"baseline.source: {message.source} is unknown, expected one of {sorted(_FROM_PB)}")
    return Baseline(message.center, message.threshold, source)


def _check_symptom(symptom: Symptom) -> Symptom:
    where = f"symptom {symptom.name} of {symptom.entity}"
    check.entity_id("symptom.entity", symptom.entity)
    check.text("symptom.name", symptom.name, required=True)
    check.text(f"{where}: attribute", symptom.attribute)
    check.text(f"{where}: detector", symptom.detector)
    check.finite(f"{where}: onset", symptom.onset)
    check.finite(f"{where}: updated_at", symptom.updated_at)
    check.share(f"{where}: severity", symptom.severity)
    check.finite(f"{where}: value", symptom.value)
    check.finite(f"{where}: threshold", symptom.baseline.threshold)
    if math.isinf(symptom.baseline.center):
        raise WireError(f"{where}: center: {symptom.baseline.center}, expected a finite number or NaN")
    return symptom
