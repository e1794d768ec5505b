"""What a vector means by a rule: entities, relations and values. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
from attrs import frozen

from causely_core.model import Entity, EntityId, ObservationBatch, Relation, RelationType, Series, entity_id
from causely_plugin_prometheus.mapping.rule import Link, Rule
from causely_plugin_prometheus.vector import Labels, Vector


@frozen
class Facts:
    """What one answer says.

    Attributes:
        entities: by id.
        relations: they.
        values: in the attribute's unit.
        nameless: series that lack a label which tells the entity; nothing is said of these.
    """

    entities: Mapping[EntityId, Entity]
    relations: Mapping[Relation, Relation]
    values: Mapping[Series, float]
    nameless: int = 0


def facts(rule: Rule, vector: Vector) -> Facts:
    """What the series of a rule's query say, whatever their order.

    Of several values of one entity the largest counts; of several descriptions the last by alphabet.
    """
    entities: dict[EntityId, Entity] = {}
    others: dict[EntityId, Entity] = {}
    relations: dict[Relation, Relation] = {}
    values: dict[Series, float] = {}
    nameless = 0
    for sample in vector:
        entity = _entity(rule, sample.labels)
        if entity is None:
            nameless += 1
            continue
        entities[entity.id] = max(entities.get(entity.id, entity), entity, key=_order)
        for relation, other in _relations(rule.links, entity.id, sample.labels):
            relations[relation] = relation
            if relation.type != RelationType.SAME_AS:  # another id of a thing is not another thing
                others[other.id] = other
        if rule.observe and math.isfinite(sample.value):
            series, value = Series(entity.id, rule.observe), sample.value * rule.scale
            values[series] = max(values.get(series, value), value)
    return Facts(others | entities, relations, values, nameless)


def batch(values: Mapping[Series, float], now: float) -> ObservationBatch:
    """Values in columns, all of them of ``now``, in seconds since the epoch."""
    return ObservationBatch(tuple(values), np.full(len(values), now), np.fromiter(values.values(), np.float64))


def _entity(rule: Rule, labels: Labels) -> Entity | None:
    key = rule.key.fill(labels)
    if not key:
        return None
    filled = {name: template.fill(labels) for name, template in rule.attributes.items()}
    name = (rule.name.fill(labels) if rule.name else "") or _short(key)
    return Entity.of(rule.entity, key, name, {name: text for name, text in filled.items() if text})


def _relations(links: tuple[Link, ...], id: EntityId, labels: Labels) -> Iterator[tuple[Relation, Entity]]:
    """The relations whose other end the labels tell, and that end."""
    for link in links:
        if key := link.key.fill(labels):
            other = entity_id(link.target_type, key)
            ends = (other, id) if link.inverse else (id, other)
            yield Relation(ends[0], link.type, ends[1]), Entity.of(link.target_type, key, _short(key))


def _short(key: str) -> str:
    """As Kubernetes' discovery and OTLP name things: by the last part of their key."""
    return key.rpartition("/")[2] or key


def _order(entity: Entity) -> tuple[str, list[tuple[str, str]]]:
    return entity.name, sorted(entity.attributes.items())
