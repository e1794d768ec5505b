"""The causal model: what each type of entity can suffer from and what that does to it and its neighbours."""

from __future__ import annotations

from attrs import frozen


@frozen
class Effect:
    """A cause or state makes the symptom or hidden state ``symptom`` appear with ``probability`` (0..1)."""

    symptom: str
    probability: float


@frozen
class SymptomSpec:
    """An abnormal state of an entity type: a symptom when it can be observed, else a hidden state.

    Attributes:
        name: ``<What>_<How>`` for symptoms; CamelCase for hidden states.
        description: one sentence for people.
        leak: probability that it shows though no modelled cause is active (false alarms included).
        miss: probability that it is not seen though it is there (lost telemetry, hysteresis).
        attribute: the observation attribute that shows it (docs/attributes.md); empty when the model does not say.
        detector: the name of the detector that judges it; empty likewise.
        observable: false for a hidden state, which only passes on what caused it.
    """

    name: str
    description: str = ""
    leak: float = 0.01
    miss: float = 0.1
    attribute: str = ""
    detector: str = ""
    observable: bool = True


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
    """A state of an entity causes a state on a neighbour, or another one on the entity itself.

    Attributes:
        symptom: the symptom or hidden state on this entity that spreads.
        relation: the relation type walked; empty when the effect is on the entity itself.
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
