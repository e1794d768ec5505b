"""Marks: thresholds that people set at the places where services run hold for these services."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from attrs import evolve

from causely_core.detection.builtin import ERROR_RATE_LABEL, LATENCY_LABEL
from causely_core.model import Entity, EntityId, EntityType, Relation, RelationType, entity_type

_MARKS = (LATENCY_LABEL, ERROR_RATE_LABEL)
_HOLD_FOR = (EntityType.SERVICE, EntityType.OPERATION)
_PLACES = (
    EntityType.SERVICE,
    EntityType.CONTAINER,
    EntityType.POD,
    EntityType.WORKLOAD,
    EntityType.NAMESPACE,
)
"""Where marks are looked for, those that count most first; an entity's own counts before all."""
_UPWARD = (RelationType.RUNS_ON, RelationType.SELECTS, RelationType.PART_OF, RelationType.OWNED_BY)


def inherited(
    entities: Mapping[EntityId, Entity], relations: Callable[[], Iterable[Relation]]
) -> Mapping[EntityId, Entity]:
    """The entities, services and operations with the marks of where they run.

    Of several places of one kind the one counts whose id comes first, so that it is always the same.

    Args:
        entities: all that are known.
        relations: gives those between them; asked only where there is a mark.
    """
    marked = {id for id, entity in entities.items() if any(mark in entity.attributes for mark in _MARKS)}
    if not marked:
        return entities
    above = _above(relations())
    found = dict(entities)
    for id, entity in entities.items():
        if entity.type in _HOLD_FOR and (told := _told(id, above, entities, marked)):
            found[id] = evolve(entity, attributes=told | dict(entity.attributes))
    return found


def _above(relations: Iterable[Relation]) -> Mapping[EntityId, Sequence[EntityId]]:
    above: dict[EntityId, list[EntityId]] = defaultdict(list)
    for relation in relations:
        if relation.type in _UPWARD and entity_type(relation.target) in _PLACES:
            above[relation.source].append(relation.target)
    return above


def _told(
    id: EntityId,
    above: Mapping[EntityId, Sequence[EntityId]],
    entities: Mapping[EntityId, Entity],
    marked: set[EntityId],
) -> dict[str, str]:
    """The marks of the places of an entity, each of the one that counts most."""
    places = [place for place in _places(id, above) if place in marked]
    places.sort(key=lambda place: (_PLACES.index(EntityType(entity_type(place))), place), reverse=True)
    shown = [entities[place].attributes for place in places]
    return {mark: attributes[mark] for attributes in shown for mark in _MARKS if mark in attributes}


def _places(id: EntityId, above: Mapping[EntityId, Sequence[EntityId]]) -> Iterator[EntityId]:
    """All that an entity is in, directly and by others, each once."""
    seen, left = {id}, [id]
    while left:
        for place in above.get(left.pop(), ()):
            if place not in seen:
                seen.add(place)
                left.append(place)
                yield place
