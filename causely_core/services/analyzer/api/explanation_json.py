"""What explains a root cause, as JSON. Times are seconds since the Unix epoch, probabilities and severities 0..1."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel

from causely_core.model import Alternative, AtRisk, PathStep, Support, SymptomKey, TellingSymptom


class SymptomRef(BaseModel):
    """A symptom of an entity."""

    entity: str
    symptom: str


class StateRef(BaseModel):
    """A state of an entity: a root cause, a symptom or a hidden state."""

    entity: str
    state: str


class SupportJson(BaseModel):
    """What was seen of a step's target.

    ``state`` is ``active``, ``absent`` (judged, and calm) or ``unknown`` (nobody looks, or nobody can); the numbers
    are null unless it is active. ``center`` is the usual value, ``threshold`` the one that was broken.
    """

    state: str
    attribute: str
    value: float | None
    threshold: float | None
    center: float | None
    onset: float | None
    severity: float | None


class StepJson(BaseModel):
    """One arrow of the causal path.

    ``relation`` is empty within one entity, and names several relations, ``, `` between them, where the path goes by
    entities that show nothing. ``support`` is null in root causes from before it was kept.
    """

    source: StateRef
    target: StateRef
    relation: str
    probability: float
    support: SupportJson | None


class AlternativeJson(BaseModel):
    """Another cause that was weighed, and why it is less likely.

    ``unexplained``: symptoms of the root cause that it would leave unexplained; ``missing``: those it would show and
    that are not active. Of each at most 20.
    """

    entity: str
    cause: str
    probability: float
    reason: str
    unexplained: list[SymptomRef]
    missing: list[SymptomRef]


class CauseJson(BaseModel):
    """A root cause of the causal model on an entity."""

    entity: str
    cause: str


class TellingJson(BaseModel):
    """A symptom that nobody looks at; seeing it favours one cause, a look is worth ``gain`` bits."""

    entity: str
    symptom: str
    attribute: str
    gain: float
    favours: CauseJson


class AtRiskJson(BaseModel):
    """An entity that does not suffer yet, with its most probable symptom."""

    entity: str
    symptom: str
    probability: float


def symptom_refs(keys: Iterable[SymptomKey]) -> list[SymptomRef]:
    """Symptoms by entity and name."""
    return [SymptomRef(entity=key.entity, symptom=key.name) for key in keys]


def step_json(step: PathStep) -> StepJson:
    """One arrow of a causal path."""
    return StepJson(
        source=_state(step.source),
        target=_state(step.target),
        relation=step.relation,
        probability=step.probability,
        support=_support(step.support) if step.support else None,
    )


def alternative_json(other: Alternative) -> AlternativeJson:
    """Another cause that was weighed."""
    return AlternativeJson(
        entity=other.entity,
        cause=other.cause,
        probability=other.probability,
        reason=other.reason,
        unexplained=symptom_refs(other.unexplained),
        missing=symptom_refs(other.missing),
    )


def telling_json(telling: TellingSymptom) -> TellingJson:
    """What would tell a root cause from its alternatives."""
    return TellingJson(
        entity=telling.entity,
        symptom=telling.symptom,
        attribute=telling.attribute,
        gain=telling.gain,
        favours=CauseJson(entity=telling.favours.entity, cause=telling.favours.cause),
    )


def at_risk_json(risk: AtRisk) -> AtRiskJson:
    """What does not suffer yet."""
    return AtRiskJson(entity=risk.entity, symptom=risk.symptom, probability=risk.probability)


def _state(key: SymptomKey) -> StateRef:
    return StateRef(entity=key.entity, state=key.name)


def _support(support: Support) -> SupportJson:
    return SupportJson(
        state=support.state,
        attribute=support.attribute,
        value=support.value,
        threshold=support.threshold,
        center=support.center,
        onset=support.onset,
        severity=support.severity,
    )
