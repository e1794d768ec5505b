"""Other names for entities, so that an incident can be shared without telling whose it is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from causely_core.incidents.new_folder import FolderError
from causely_core.model import WATCHED, Entity, EntityId, Relation, entity_id

Aliases = Mapping[EntityId, EntityId]
"""From every entity's own id to the one that is written."""

ENTITY_ATTRIBUTES = frozenset({WATCHED})
RELATION_ATTRIBUTES = frozenset({"mode"})
"""Attributes that inference needs; all others may hold names and are left out."""


def own_names(entities: Iterable[Entity]) -> dict[EntityId, EntityId]:
    """Every id as it is."""
    return {entity.id: entity.id for entity in entities}


def pseudonyms(entities: Iterable[Entity]) -> dict[EntityId, EntityId]:
    """Ids made of type and number, such as ``Service:service-7``; the same entities get the same ones."""
    numbers: Counter[str] = Counter()
    aliases: dict[EntityId, EntityId] = {}
    for entity in sorted(entities, key=lambda one: (one.type, one.id)):
        numbers[entity.type] += 1
        aliases[entity.id] = entity_id(entity.type, f"{entity.type.lower()}-{numbers[entity.type]}")
    return aliases


def disguised_entity(entity: Entity, aliases: Aliases) -> Entity:
    """The entity under its pseudonym, with nothing that tells its name."""
    alias = aliases[entity.id]
    return Entity(
        alias, entity.type, alias.removeprefix(f"{entity.type}:"), _kept(entity.attributes, ENTITY_ATTRIBUTES)
    )


def disguised_relation(relation: Relation, aliases: Aliases) -> Relation:
    """The relation between pseudonyms."""
    kept = _kept(relation.attributes, RELATION_ATTRIBUTES)
    return Relation(aliases[relation.source], relation.type, aliases[relation.target], kept)


def write_names(folder: Path, aliases: Aliases) -> Path:
    """Write who is who beside ``folder``, for the one who recorded it alone; returns where.

    Raises:
        FolderError: the file system refuses.
    """
    place = folder.resolve()
    path = place.with_name(f"{place.name}.names.json")
    names = {alias: id for id, alias in aliases.items()}
    try:
        path.write_text(json.dumps(names, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as problem:
        raise FolderError(f"{path}: cannot be written: {problem.strerror}") from problem
    return path


def _kept(attributes: Mapping[str, str], names: frozenset[str]) -> dict[str, str]:
    return {name: value for name, value in attributes.items() if name in names}
