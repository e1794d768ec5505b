"""The analyzer's pulse: diagnose, store, ask for evidence, forget what is old."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import NoReturn

from attrs import define, field
from opentelemetry.trace import Tracer
from structlog.typing import FilteringBoundLogger

from causely_core.model import Clock
from causely_core.services.analyzer.casebook import Casebook
from causely_core.services.analyzer.evidence import EvidenceDesk, Send
from causely_core.services.analyzer.instruments import Instruments
from causely_core.services.analyzer.lifecycle import Changes
from causely_core.services.analyzer.pacing import Pacing
from causely_core.services.analyzer.question import Question, Reasoner
from causely_core.services.analyzer.worker import Worker
from causely_core.storage import RootCauseRecord

DAY = 86_400.0
PRUNE_EVERY = 3_600.0
"""Seconds."""
PRUNE_ROWS = 10_000
"""Rows forgotten at once, so that updates do not wait long."""


@define(eq=False)
class DiagnosisLoop:
    """Diagnoses for as long as it runs; what fails is logged and tried again.

    Attributes:
        send: how evidence requests get to their mediators.
    """

    casebook: Casebook
    worker: Worker
    reasoner: Reasoner
    pacing: Pacing
    clock: Clock
    send: Send
    instruments: Instruments
    tracer: Tracer
    logger: FilteringBoundLogger
    _desk: EvidenceDesk = field(factory=EvidenceDesk, init=False)

    async def run(self) -> NoReturn:
        """Diagnose until cancelled."""
        await self._want(self.casebook.engine.lifecycle.active)
        busy, due = True, None
        while True:
            try:
                question = await self.diagnose()
                busy = bool(question.active or self.casebook.engine.lifecycle.active)
                due = self.casebook.engine.lifecycle.due
                await self._desk.send(self.send)
            except Exception as problem:
                self.logger.error("diagnosis failed", reason=f"{type(problem).__name__}: {problem}")
                busy, due = True, None
            await self.pacing.turn(busy, due)

    async def diagnose(self) -> Question:
        """Diagnose once; inference has a thread of its own, so that updates go on being stored."""
        with self.tracer.start_as_current_span("diagnose") as span, self.instruments.diagnosing():
            question = await self.worker.do(lambda: self.casebook.question(self.clock.now()))
            diagnosis = await asyncio.to_thread(self.reasoner.answer, question)
            changes = await self.worker.do(lambda: self.casebook.conclude(question, diagnosis))
            span.set_attribute("causely.symptoms.active", len(question.active))
            span.set_attribute("causely.root_causes", len(diagnosis.root_causes))
        await self._follow(changes)
        return question

    async def _follow(self, changes: Changes) -> None:
        for record in changes.confirmed:
            self._log("root cause confirmed", record)
        for record in changes.cleared:
            self._log("root cause superseded" if record.superseded_by else "root cause cleared", record)
        self._desk.drop(record.id for record in changes.cleared)
        await self._want(changes.confirmed)

    async def _want(self, records: tuple[RootCauseRecord, ...]) -> None:
        for record in records:
            self._desk.add(await self.worker.do(partial(self.casebook.evidence_wanted, record)))

    def _log(self, event: str, record: RootCauseRecord) -> None:
        cause = record.root_cause
        self.logger.info(
            event,
            id=record.id,
            entity=cause.entity,
            cause=cause.cause,
            probability=round(cause.probability, 3),
        )


async def forget(
    casebook: Casebook, worker: Worker, clock: Clock, days: float, logger: FilteringBoundLogger
) -> NoReturn:
    """Delete history older than ``days``, now and every hour, until cancelled."""
    while True:
        try:
            prune = partial(casebook.store.prune, clock.now() - days * DAY, PRUNE_ROWS)
            while await worker.do(prune) == PRUNE_ROWS:
                continue
        except Exception as problem:
            logger.error("history not pruned", reason=f"{type(problem).__name__}: {problem}")
        await asyncio.sleep(PRUNE_EVERY)
