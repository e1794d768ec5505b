"""The causal model: what each type of entity can suffer from and what that does to it and its neighbours."""

from __future__ import annotations

from attrs import frozen


@frozen
class Effect:
    """A cause or state makes ``symptom`` appear on the same entity with ``probability`` (0..1)."""

    symptom: str
    probability: float


@frozen
class SymptomSpec:
    """An observable abnormal state of an entity type.

    Attributes:
        name: ``<What>_<How>``.
        description: one sentence for people.
        leak: probability that it shows though no modelled cause is active (false alarms included).
        miss: probability that it is not seen though it is there (lost telemetry, hysteresis).
    """

    name: str
    description: str = ""
    leak: float = 0.01
    miss: float = 0.1


@frozen
class RootCauseSpec:
    """A root cause an entity type can have.

    Attributes:
        name: CamelCase, unique in its entity type.
        prior: probability that one entity has it at any moment.
        category: ``resource``, ``code``, ``config``, ``dependency``, ``load`` or ``platform``.
        description: one sentence for people.
        effects: the symptoms it shows on its own entity.
        remediation: what a person would do about it, most promising first.
    """

    name: str
    prior: float
    category: str
    description: str
    effects: tuple[Effect, ...]
    remediation: tuple[str, ...] = ()


@frozen
class Propagation:
    """A symptom of an entity causes a symptom on a neighbour.

    Attributes:
        symptom: the state on this entity that spreads.
        relation: the relation type walked.
        inverse: true to walk from the relation's target to its source (callee to caller), false for
            source to target.
        neighbour: the neighbour's entity type, or ``*`` for any.
        effect: what appears on the neighbour and with which probability.
        mode: only over relations whose ``mode`` attribute equals this (``sync``, ``async``); empty for all.
    """

    symptom: str
    relation: str
    inverse: bool
    neighbour: str
    effect: Effect
    mode: str = ""


@frozen
class CausalModel:
    """All that is known about one entity type."""

    entity_type: str
    symptoms: tuple[SymptomSpec, ...] = ()
    root_causes: tuple[RootCauseSpec, ...] = ()
    propagations: tuple[Propagation, ...] = ()
