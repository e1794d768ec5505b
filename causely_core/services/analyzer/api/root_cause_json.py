"""Root causes as JSON. Times are seconds since the Unix epoch, probabilities and severities 0..1."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel

from causely_core.model import Alternative, Evidence, EvidenceItem, PathStep, SymptomKey
from causely_core.storage import RootCauseRecord


class SymptomRef(BaseModel):
    """A symptom of an entity."""

    entity: str
    symptom: str


class StateRef(BaseModel):
    """A state of an entity: a root cause or a symptom."""

    entity: str
    state: str


class StepJson(BaseModel):
    """One arrow of the causal path; ``relation`` is empty within one entity."""

    source: StateRef
    target: StateRef
    relation: str
    probability: float


class AlternativeJson(BaseModel):
    """Another cause that was weighed, and why it is less likely."""

    entity: str
    cause: str
    probability: float
    reason: str


class RootCauseJson(BaseModel):
    """A root cause; ``superseded_by`` names the one that explained its symptoms better."""

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


class EvidenceJson(BaseModel):
    """A few points of a series (``kind`` is ``series``), or the counts of a log template."""

    kind: str
    entity: str
    title: str
    times: list[float]
    values: list[float]


class RootCauseDetail(RootCauseJson):
    """A root cause with its evidence.

    ``evidence_truncated``: there was more than fits; ``evidence_refused``: why a mediator gave none.
    """

    evidence: list[EvidenceJson]
    evidence_truncated: bool
    evidence_refused: list[str]


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
        explains=_symptoms(cause.explains),
        path=[_step(step) for step in cause.path],
        missing=_symptoms(cause.missing),
        impacted=list(cause.impacted),
        alternatives=[_alternative(other) for other in cause.alternatives],
        description=cause.description,
        remediation=list(cause.remediation),
    )


def root_cause_detail(record: RootCauseRecord, answers: Iterable[Evidence]) -> RootCauseDetail:
    """A root cause with what mediators answered for it."""
    known = list(answers)
    return RootCauseDetail(
        **dict(root_cause_json(record)),
        evidence=[_evidence(item) for answer in known for item in answer.items],
        evidence_truncated=any(answer.truncated for answer in known),
        evidence_refused=[answer.refused for answer in known if answer.refused],
    )


def _symptoms(keys: Iterable[SymptomKey]) -> list[SymptomRef]:
    return [SymptomRef(entity=key.entity, symptom=key.name) for key in keys]


def _state(key: SymptomKey) -> StateRef:
    return StateRef(entity=key.entity, state=key.name)


def _step(step: PathStep) -> StepJson:
    return StepJson(
        source=_state(step.source),
        target=_state(step.target),
        relation=step.relation,
        probability=step.probability,
    )


def _alternative(other: Alternative) -> AlternativeJson:
    return AlternativeJson(entity=other.entity, cause=other.cause, probability=other.probability, reason=other.reason)


def _evidence(item: EvidenceItem) -> EvidenceJson:
    return EvidenceJson(
        kind=item.kind, entity=item.entity, title=item.title, times=list(item.times), values=list(item.values)
    )
