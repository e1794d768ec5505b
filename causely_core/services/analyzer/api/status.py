"""``/status``: how much is known, how fresh it is, and who is connected."""

from __future__ import annotations

from collections.abc import Set

from fastapi import APIRouter
from pydantic import BaseModel

from causely_core import __version__
from causely_core.services.analyzer.api.explanation_json import SymptomRef
from causely_core.services.analyzer.api.source import Source
from causely_core.services.analyzer.casebook import Casebook
from causely_core.storage import SenderRecord


class Counts(BaseModel):
    """What is known now."""

    entities: int
    relations: int
    symptoms: int
    root_causes: int


class MediatorJson(BaseModel):
    """A mediator that was heard; ``sequence`` is the number of its last update that is stored."""

    name: str
    cluster: str
    version: str
    connected: bool
    sequence: int
    last_update: float


class StatusJson(BaseModel):
    """Times are seconds since the Unix epoch, null before the first; ``unexplained`` has no cause."""

    version: str
    counts: Counts
    last_update: float | None
    last_diagnosis: float | None
    unexplained: list[SymptomRef]
    mediators: list[MediatorJson]


def routes(source: Source) -> APIRouter:
    """The routes, answered from ``source``."""
    router = APIRouter(tags=["status"])

    @router.get("/status")
    async def status() -> StatusJson:
        """How the analyzer is."""
        connected = source.connected
        return await source.ask(lambda book: _status(book, connected))

    return router


def _status(book: Casebook, connected: Set[str]) -> StatusJson:
    engine = book.engine
    return StatusJson(
        version=__version__,
        counts=Counts(
            entities=len(engine.view.entities),
            relations=len(engine.view.relations),
            symptoms=len(engine.state.active),
            root_causes=len(engine.lifecycle.active),
        ),
        last_update=max((known.updated_at for known in book.senders.values()), default=None),
        last_diagnosis=engine.diagnosed_at,
        unexplained=[SymptomRef(entity=key.entity, symptom=key.name) for key in engine.unexplained],
        mediators=[_mediator(known, connected) for _, known in sorted(book.senders.items())],
    )


def _mediator(known: SenderRecord, connected: Set[str]) -> MediatorJson:
    sender = known.sender
    return MediatorJson(
        name=sender.name,
        cluster=sender.cluster,
        version=sender.version,
        connected=sender.name in connected,
        sequence=known.sequence,
        last_update=known.updated_at,
    )
