"""What crosses of symptoms."""

from __future__ import annotations

from attrs import evolve

from causely_core.egress.allowlist import MAX_SUMMARY, SUMMARY
from causely_core.egress.cleaner import Cleaner
from causely_core.egress.tally import Tally
from causely_core.model import Manifestation, Symptom, SymptomDelta

_NUMBERS = 7
"""Onset, update time, severity, value, centre, threshold, and one for the two marks."""


def filter_symptoms(delta: SymptomDelta, cleaner: Cleaner, tally: Tally) -> SymptomDelta:
    """Symptoms with their few summary numbers; never a series."""
    manifestations = tuple(_manifestation(said, cleaner, tally) for said in delta.manifestations)
    return SymptomDelta(cleaner.text(delta.source, tally), manifestations, delta.snapshot)


def _manifestation(said: Manifestation, cleaner: Cleaner, tally: Tally) -> Manifestation:
    known = [name for name in sorted(said.summary) if SUMMARY.fullmatch(name)][:MAX_SUMMARY]
    tally.drops["summary"] += len(said.summary) - len(known)
    tally.number(_NUMBERS + len(known))
    return Manifestation(_symptom(said.symptom, cleaner, tally), {name: said.summary[name] for name in known})


def _symptom(symptom: Symptom, cleaner: Cleaner, tally: Tally) -> Symptom:
    name = cleaner.text(symptom.name, tally)
    tally.items[name] += 1
    return evolve(
        symptom,
        entity=cleaner.id(symptom.entity, tally),
        name=name,
        attribute=cleaner.text(symptom.attribute, tally),
        detector=cleaner.text(symptom.detector, tally),
    )
