"""Symptoms: named abnormal states of entities, and what an agent forwards of them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from attrs import field, frozen

from causely_core.model.entity import EntityId


class ThresholdSource(StrEnum):
    """Where the threshold that was broken came from."""

    DEFAULT = "default"
    LEARNED = "learned"
    MANUAL = "manual"


class SymptomKey(NamedTuple):
    """What a symptom is about: the entity and the symptom's name."""

    entity: EntityId
    name: str


@frozen
class Baseline:
    """What was normal when the symptom began.

    Attributes:
        center: the usual value, in the attribute's unit; NaN when nothing was learned yet.
        threshold: the value that was broken, in the attribute's unit.
        source: where the threshold came from.
    """

    center: float
    threshold: float
    source: ThresholdSource


@frozen
class Symptom:
    """A named abnormal state of one entity, active or clear.

    Attributes:
        entity: who is abnormal.
        name: ``<What>_<How>``, such as ``RequestLatency_High``.
        active: false once it has cleared.
        onset: when it began, seconds since the epoch.
        updated_at: when it was last judged, seconds since the epoch; the clearing time when not active.
        severity: 0 (barely) to 1 (as bad as it gets), see docs/detection.md.
        attribute: the observation attribute that shows it.
        value: the latest value, in the attribute's unit.
        baseline: what it broke.
        detector: the name of the detector that judged.
    """

    entity: EntityId
    name: str
    active: bool
    onset: float
    updated_at: float
    severity: float
    attribute: str
    value: float
    baseline: Baseline
    detector: str = ""

    @property
    def key(self) -> SymptomKey:
        """Entity and name: what makes two reports be about the same symptom."""
        return SymptomKey(self.entity, self.name)


@frozen
class Manifestation:
    """What an agent forwards: a symptom with its few summary numbers (``{"p95": 0.8}``)."""

    symptom: Symptom
    summary: Mapping[str, float] = field(factory=dict, hash=False)
