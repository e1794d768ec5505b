"""Diagnosis: the smallest set of root causes that explains what is seen."""

from __future__ import annotations

from attrs import frozen

from causely_core.model.entity import EntityId
from causely_core.model.symptom import SymptomKey


@frozen
class PathStep:
    """One arrow of the causal path from the root cause to a symptom it explains.

    Attributes:
        source: the state that causes; for the first step ``name`` is the root cause's.
        target: the symptom that is caused.
        relation: the relation walked between the two entities; empty within one entity.
        probability: of target given source, 0..1.
    """

    source: SymptomKey
    target: SymptomKey
    relation: str
    probability: float


@frozen
class Alternative:
    """Another cause that was weighed, and why it is less likely."""

    entity: EntityId
    cause: str
    probability: float
    reason: str


@frozen
class RootCause:
    """One inferred cause with what supports it.

    Attributes:
        id: stable while the cause stays active: derived from entity, cause and onset.
        entity: where the cause is.
        cause: the causal model's name for it.
        probability: posterior, 0..1.
        onset: the earliest onset among the symptoms it explains, seconds since the epoch.
        explains: the active symptoms it accounts for.
        path: arrows that lead from it to those symptoms.
        missing: symptoms it would usually show that are not active (evidence against it).
        impacted: entities that suffer from it, its own left out.
        alternatives: other causes weighed, best first.
        description: one sentence for people.
        remediation: what a person would do, most promising first.
    """

    id: str
    entity: EntityId
    cause: str
    probability: float
    onset: float
    explains: tuple[SymptomKey, ...] = ()
    path: tuple[PathStep, ...] = ()
    missing: tuple[SymptomKey, ...] = ()
    impacted: tuple[EntityId, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    description: str = ""
    remediation: tuple[str, ...] = ()


@frozen
class Diagnosis:
    """Root causes, best first, that explain the active symptoms at ``time``; none is a legal answer.

    Attributes:
        unexplained: active symptoms that no returned cause accounts for.
        gap: nats by which a set of causes that was not weighed might still be better; 0 when this one is proven best.
    """

    time: float
    root_causes: tuple[RootCause, ...] = ()
    unexplained: tuple[SymptomKey, ...] = ()
    gap: float = 0.0
