"""Whom others mean by a name or an address. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from causely_core.model import EntityId, EntityType, Relation, RelationType, entity_id


def means(entity: EntityId, hosts: Iterable[str]) -> Iterator[Relation]:
    """Whoever connects to one of ``hosts`` means ``entity``.

    Args:
        entity: the one behind all of them, on all ports: of what several share, tell none.
        hosts: names and addresses; with a port, ``db.example:5433``, it holds for that port only.
    """
    for host in sorted({*hosts}):
        yield same(entity_id(EntityType.EXTERNAL_SERVICE, host.lower().rstrip(".")), entity)


def same(alias: EntityId, entity: EntityId) -> Relation:
    """Whoever says ``alias`` means ``entity``."""
    return Relation(alias, RelationType.SAME_AS, entity)
