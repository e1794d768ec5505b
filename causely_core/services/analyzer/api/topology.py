"""``/entities`` and ``/relations``: the topology now, merged over all senders."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from causely_core.model import Entity, Relation
from causely_core.services.analyzer.api.listing import Limit, Listing, Offset
from causely_core.services.analyzer.api.source import Source
from causely_core.storage import Page

Type = Annotated[str | None, Query(description="Only of this type.")]
Part = Annotated[str, Query(description="Part of the id or name; case does not matter.")]
End = Annotated[str | None, Query(description="Only from or to the entity of this id.")]


class EntityJson(BaseModel):
    """A typed thing; its attributes are the descriptive ones that the egress gate lets through."""

    id: str
    type: str
    name: str
    attributes: dict[str, str]


class RelationJson(BaseModel):
    """Reads ``source type target``."""

    source: str
    type: str
    target: str
    attributes: dict[str, str]


def routes(source: Source) -> APIRouter:
    """The routes, answered from ``source``."""
    router = APIRouter(tags=["topology"])

    @router.get("/entities")
    async def entities(type: Type = None, q: Part = "", limit: Limit = 100, offset: Offset = 0) -> Listing[EntityJson]:
        """Entities by id."""
        view = await source.ask(lambda book: book.engine.view)
        found = [entity for entity in view.entities.values() if _matches(entity, type, q.casefold())]
        return Listing[EntityJson].of(Page.of(found, limit, offset), _entity)

    @router.get("/relations")
    async def relations(
        type: Type = None, entity: End = None, limit: Limit = 100, offset: Offset = 0
    ) -> Listing[RelationJson]:
        """Relations between known entities, by source, type and target."""
        view = await source.ask(lambda book: book.engine.view)
        found = [relation for relation in view.relations if _touches(relation, type, entity)]
        return Listing[RelationJson].of(Page.of(found, limit, offset), _relation)

    return router


def _matches(entity: Entity, type: str | None, part: str) -> bool:
    typed = type is None or entity.type == type
    return typed and (part in entity.id.casefold() or part in entity.name.casefold())


def _touches(relation: Relation, type: str | None, entity: str | None) -> bool:
    typed = type is None or relation.type == type
    return typed and (entity is None or entity in (relation.source, relation.target))


def _entity(entity: Entity) -> EntityJson:
    return EntityJson(id=entity.id, type=entity.type, name=entity.name, attributes=dict(entity.attributes))


def _relation(relation: Relation) -> RelationJson:
    return RelationJson(
        source=relation.source,
        type=relation.type,
        target=relation.target,
        attributes=dict(relation.attributes),
    )
