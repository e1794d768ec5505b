"""Root causes as JSON. Times are seconds since the Unix epoch, probabilities and severities 0..1."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel

from causely_core.model import HOTTEST, Entity, Evidence, EvidenceItem
from causely_core.services.analyzer.api.explanation_json import (
    AlternativeJson,
    AtRiskJson,
    StepJson,
    SymptomRef,
    TellingJson,
    alternative_json,
    at_risk_json,
    step_json,
    symptom_refs,
    telling_json,
)
from causely_core.storage import RootCauseRecord


class RootCauseJson(BaseModel):
    """A root cause; ``superseded_by`` names the one that explained its symptoms better.

    ``would_tell``: what to look at to tell it from its alternatives, most telling first. ``at_risk``: what does not
    suffer yet and will if it is left, most probable first. ``gap``: nats by which another set of causes might be
    better than the diagnosis it is of; null when that is proven best.
    """

    id: str
    entity: str
    name: str
    type: str
    cause: str
    probability: float
    severity: float
    onset: float
    diagnosed_at: float
    cleared_at: float | None
    active: bool
    superseded_by: str | None
    explains: list[SymptomRef]
    path: list[StepJson]
    missing: list[SymptomRef]
    impacted: list[str]
    alternatives: list[AlternativeJson]
    description: str
    remediation: list[str]
    would_tell: list[TellingJson]
    at_risk: list[AtRiskJson]
    gap: float | None


class EvidenceJson(BaseModel):
    """A few points of a series (``kind`` is ``series``), or the counts of a log template."""

    kind: str
    entity: str
    title: str
    times: list[float]
    values: list[float]


class RootCauseDetail(RootCauseJson):
    """A root cause with its evidence.

    ``evidence_truncated``: there was more than fits; ``evidence_refused``: why a mediator gave none. ``hottest``: the
    binary in which the entity's processes are most often found now; null when nobody has looked.
    """

    evidence: list[EvidenceJson]
    evidence_truncated: bool
    evidence_refused: list[str]
    hottest: str | None


def root_cause_json(record: RootCauseRecord) -> RootCauseJson:
    """A root cause as listings show it."""
    cause = record.root_cause
    return RootCauseJson(
        id=record.id,
        entity=cause.entity,
        name=record.name,
        type=record.type,
        cause=cause.cause,
        probability=cause.probability,
        severity=record.severity,
        onset=cause.onset,
        diagnosed_at=record.diagnosed_at,
        cleared_at=record.cleared_at,
        active=record.active,
        superseded_by=record.superseded_by or None,
        explains=symptom_refs(cause.explains),
        path=[step_json(step) for step in cause.path],
        missing=symptom_refs(cause.missing),
        impacted=list(cause.impacted),
        alternatives=[alternative_json(other) for other in cause.alternatives],
        description=cause.description,
        remediation=list(cause.remediation),
        would_tell=[telling_json(each) for each in cause.would_tell],
        at_risk=[at_risk_json(each) for each in cause.at_risk],
        gap=record.gap or None,
    )


def root_cause_detail(record: RootCauseRecord, answers: Iterable[Evidence], entity: Entity | None) -> RootCauseDetail:
    """A root cause with what mediators answered for it, and its entity as it is now, if it is there."""
    known = list(answers)
    return RootCauseDetail(
        **dict(root_cause_json(record)),
        evidence=[_evidence(item) for answer in known for item in answer.items],
        evidence_truncated=any(answer.truncated for answer in known),
        evidence_refused=[answer.refused for answer in known if answer.refused],
        hottest=entity.attributes.get(HOTTEST) if entity else None,
    )


def _evidence(item: EvidenceItem) -> EvidenceJson:
    return EvidenceJson(
        kind=item.kind, entity=item.entity, title=item.title, times=list(item.times), values=list(item.values)
    )
