"""``/root-causes``."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query

from causely_core.services.analyzer.api.listing import Active, Limit, Listing, Offset
from causely_core.services.analyzer.api.root_cause_json import (
    RootCauseDetail,
    RootCauseJson,
    root_cause_detail,
    root_cause_json,
)
from causely_core.services.analyzer.api.source import Source
from causely_core.services.analyzer.casebook import Casebook

Entity = Annotated[str | None, Query(description="Only of the entity of this id.")]
Type = Annotated[str | None, Query(description="Only on entities of this type.")]
Cause = Annotated[str | None, Query(description="Only of this name in the causal model.")]


def routes(source: Source) -> APIRouter:
    """The routes, answered from ``source``."""
    router = APIRouter(tags=["root causes"])

    @router.get("/root-causes")
    async def root_causes(
        active: Active = None,
        entity: Entity = None,
        type: Type = None,
        cause: Cause = None,
        limit: Limit = 100,
        offset: Offset = 0,
    ) -> Listing[RootCauseJson]:
        """Root causes: active ones first, best first; then past ones, latest first."""
        page = await source.ask(
            lambda book: book.store.root_causes(
                active=active, entity=entity, type=type, cause=cause, limit=limit, offset=offset
            )
        )
        return Listing[RootCauseJson].of(page, root_cause_json)

    @router.get("/root-causes/{id}")
    async def root_cause(id: str) -> RootCauseDetail:
        """One root cause with its evidence."""
        found = await source.ask(lambda book: _detail(book, id))
        if found is None:
            raise HTTPException(404, f"there is no root cause {id!r}; /api/v1/root-causes lists them")
        return found

    return router


def _detail(book: Casebook, id: str) -> RootCauseDetail | None:
    record = book.store.root_cause(id)
    if record is None:
        return None
    entity = book.engine.view.entities.get(record.root_cause.entity)
    return root_cause_detail(record, book.store.evidence(id), entity)
