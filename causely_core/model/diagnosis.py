"""Diagnosis: the smallest set of root causes that explains what is seen."""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen

from causely_core.model.entity import EntityId
from causely_core.model.symptom import SymptomKey


class SupportState(StrEnum):
    """What was seen of a state when the diagnosis was made."""

    ACTIVE = "active"
    """The symptom is there."""
    ABSENT = "absent"
    """A detector judges it and finds it calm."""
    UNKNOWN = "unknown"
    """Nobody looks, or nobody can: hidden states are never seen."""


@frozen
class Support:
    """The observation that supports, or does not support, one step of a causal path.

    Numbers are none unless ``state`` is active.

    Attributes:
        attribute: the observation attribute that shows the symptom; empty when the model does not say.
        value: the latest value, in the attribute's unit.
        threshold: the value that was broken, in the attribute's unit.
        center: the usual value, in the attribute's unit; none when nothing was learned yet.
        onset: when the symptom began, seconds since the epoch.
        severity: 0..1.
    """

    state: SupportState
    attribute: str = ""
    value: float | None = None
    threshold: float | None = None
    center: float | None = None
    onset: float | None = None
    severity: float | None = None


@frozen
class PathStep:
    """One arrow of the causal path from the root cause to a symptom it explains.

    Attributes:
        source: the state that causes; for the first step ``name`` is the root cause's.
        target: the state that is caused.
        relation: the relations walked between the two entities, one or several with ``, `` between them; empty
            within one entity.
        probability: of target given source, 0..1.
        support: what was seen of ``target``; none in records from before this was kept.
    """

    source: SymptomKey
    target: SymptomKey
    relation: str
    probability: float
    support: Support | None = None

    @property
    def arrow(self) -> tuple[SymptomKey, SymptomKey, str]:
        """What makes two steps be about the same arrow, whatever was seen of it."""
        return self.source, self.target, self.relation


@frozen
class Alternative:
    """Another cause that was weighed, and why it is less likely.

    Attributes:
        probability: posterior, 0..1.
        reason: the strongest one, for people.
        unexplained: symptoms of the root cause that it would leave unexplained, nearest to the root cause first.
        missing: symptoms it would usually show that are not active, nearest to it first.
    """

    entity: EntityId
    cause: str
    probability: float
    reason: str
    unexplained: tuple[SymptomKey, ...] = ()
    missing: tuple[SymptomKey, ...] = ()


@frozen
class CauseRef:
    """A root cause of the causal model on an entity."""

    entity: EntityId
    cause: str


@frozen
class TellingSymptom:
    """A symptom that nobody looks at and that would tell a root cause from its alternatives.

    Attributes:
        symptom: its name; it is one of ``entity``.
        attribute: the observation attribute that would show it; empty when the model does not say.
        gain: expected information in bits, above 0.
        favours: what is more probable than before once the symptom is seen.
    """

    entity: EntityId
    symptom: str
    attribute: str
    gain: float
    favours: CauseRef


@frozen
class AtRisk:
    """An entity that does not suffer yet and probably will if the cause is left.

    Attributes:
        symptom: name of the symptom that is most probable on it.
        probability: of that symptom given the cause, 0..1.
    """

    entity: EntityId
    symptom: str
    probability: float


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
        impacted: entities that suffer from it, its own and Dependencies left out.
        alternatives: other causes weighed, most probable first.
        description: one sentence for people.
        remediation: what a person would do, most promising first.
        would_tell: what to look at to tell it from its alternatives, most telling first.
        at_risk: what will degrade if it is left, most probable first.
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
    would_tell: tuple[TellingSymptom, ...] = ()
    at_risk: tuple[AtRisk, ...] = ()


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
