"""``/symptoms``."""

from __future__ import annotations

import math
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from causely_core.services.analyzer.api.listing import Active, Limit, Listing, Offset
from causely_core.services.analyzer.api.source import Source
from causely_core.storage import SymptomRecord

Entity = Annotated[str | None, Query(description="Only of the entity of this id.")]
Name = Annotated[str | None, Query(description="Only of this name, such as RequestLatency_High.")]


class SymptomJson(BaseModel):
    """One episode of a symptom.

    Times are seconds since the Unix epoch; ``value``, ``center`` (the usual value, null before one was
    learned) and ``threshold`` are in the attribute's unit.
    """

    entity: str
    name: str
    active: bool
    onset: float
    updated_at: float
    cleared_at: float | None
    severity: float
    attribute: str
    value: float
    center: float | None
    threshold: float
    threshold_source: str
    detector: str
    mediator: str
    source: str
    summary: dict[str, float]


def routes(source: Source) -> APIRouter:
    """The routes, answered from ``source``."""
    router = APIRouter(tags=["symptoms"])

    @router.get("/symptoms")
    async def symptoms(
        active: Active = None,
        entity: Entity = None,
        name: Name = None,
        limit: Limit = 100,
        offset: Offset = 0,
    ) -> Listing[SymptomJson]:
        """Symptoms: active ones first, each part with the latest onset first."""
        page = await source.ask(
            lambda book: book.store.symptoms(active=active, entity=entity, name=name, limit=limit, offset=offset)
        )
        return Listing[SymptomJson].of(page, symptom_json)

    return router


def symptom_json(record: SymptomRecord) -> SymptomJson:
    """A symptom as listings show it."""
    symptom, baseline = record.symptom, record.symptom.baseline
    return SymptomJson(
        entity=symptom.entity,
        name=symptom.name,
        active=symptom.active,
        onset=symptom.onset,
        updated_at=symptom.updated_at,
        cleared_at=record.cleared_at,
        severity=symptom.severity,
        attribute=symptom.attribute,
        value=symptom.value,
        center=None if math.isnan(baseline.center) else baseline.center,
        threshold=baseline.threshold,
        threshold_source=baseline.source,
        detector=symptom.detector,
        mediator=record.sender,
        source=record.source,
        summary=record.summary,
    )
