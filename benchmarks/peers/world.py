"""A small world told twice: as a Bayesian network for the peers, and as models and a topology for the engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen
from network import Network

from causely_core.causal import Catalogue
from causely_core.model import Baseline, Entity, EntityId, Relation, Symptom, SymptomKey, ThresholdSource

NOW = 1_800_000_000.0
AS_WRITTEN = 1 / 3
"""The severity at which the engine takes a symptom's leak as its model gives it."""


@frozen(eq=False)
class World:
    """Causes, what they show, and what was seen.

    Attributes:
        label: its kind and size.
        network: causes, states and what is seen of them.
        causes: names of the network's variables that are root causes, ``entity/cause``.
        seen: names of those that are evidence, ``entity/symptom``, and whether each is active.
        catalogue, entities, relations: the same for the engine.
    """

    label: str
    network: Network
    causes: Sequence[str]
    seen: Mapping[str, bool]
    catalogue: Catalogue
    entities: Mapping[EntityId, Entity]
    relations: Sequence[Relation]


@frozen(eq=False)
class Answer:
    """What one tool says of a world.

    Attributes:
        best: the most probable set of causes.
        probability: of each cause that the tool tells one of.
        seconds: from the evidence to the answer.
    """

    best: frozenset[str]
    probability: Mapping[str, float]
    seconds: float


def name(entity: EntityId, what: str) -> str:
    """The network's name of a cause or symptom of an entity."""
    return f"{entity}/{what}"


def active(names: Iterable[str]) -> dict[SymptomKey, Symptom]:
    """Symptoms as a detector reports them, by the network's names; all began at once."""
    split = [each.partition("/") for each in names]
    return {key: _symptom(key) for key in (SymptomKey(EntityId(entity), what) for entity, _, what in split)}


def _symptom(key: SymptomKey) -> Symptom:
    usual = Baseline(1.0, 1.5, ThresholdSource.LEARNED)
    return Symptom(key.entity, key.name, True, NOW, NOW, AS_WRITTEN, "value", 2.0, usual)
