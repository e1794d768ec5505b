"""The analyzer as a running part."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TypeVar

from attrs import define, field
from opentelemetry.metrics import Meter
from opentelemetry.trace import NoOpTracer, Tracer
from structlog.typing import FilteringBoundLogger

from causely_core.causal.catalogue import Catalogue
from causely_core.model import Clock
from causely_core.services.analyzer.api import create_api
from causely_core.services.analyzer.casebook import Casebook
from causely_core.services.analyzer.config import AnalyzerConfig
from causely_core.services.analyzer.instruments import Instruments
from causely_core.services.analyzer.intake import Intake
from causely_core.services.analyzer.loop import DiagnosisLoop, forget
from causely_core.services.analyzer.pacing import Pacing
from causely_core.services.analyzer.question import CausalReasoner, Reasoner
from causely_core.services.analyzer.server import LinkPort
from causely_core.services.analyzer.worker import Worker
from causely_core.services.http import HttpServer
from causely_core.wire.receiver import LinkReceiver
from causely_core.wire.servicers import AnalyzerLink
from causely_core.wire.token import tokens

T = TypeVar("T")


@define(eq=False)
class Analyzer:
    """Takes in updates of mediators, names root causes, answers the API.

    Attributes:
        catalogue: the causal models to infer with.
        data_dir: where the database lives unless the configuration says otherwise.
        reasoner: who infers; none for the catalogue's own causal graph.
    """

    config: AnalyzerConfig
    catalogue: Catalogue
    data_dir: Path
    clock: Clock
    logger: FilteringBoundLogger
    meter: Meter
    tracer: Tracer = field(factory=NoOpTracer)
    reasoner: Reasoner = field()
    _worker: Worker = field(init=False)
    _casebook: Casebook = field(init=False)
    _link: AnalyzerLink = field(init=False)
    _port: LinkPort | None = field(default=None, init=False)
    _api: HttpServer | None = field(default=None, init=False)
    _tasks: list[asyncio.Task[Any]] = field(factory=list, init=False)
    _closing: AsyncExitStack | None = field(default=None, init=False)

    @reasoner.default
    def _infer_with_catalogue(self) -> Reasoner:
        return CausalReasoner(self.catalogue)

    async def start(self) -> None:
        """Open the database, take both ports, begin to diagnose.

        Raises:
            StorageError: the database cannot be used.
            UnavailableError, WireError: an address is taken or wrong, or a certificate or token cannot be used.
        """
        async with AsyncExitStack() as stack:
            await self._open(stack)
            await self._serve(stack)
            self._closing = stack.pop_all()
        self.logger.info("analyzer listening", mediators=self.port, api=self.api_port)

    async def stop(self) -> None:
        """Close the ports, finish what is being stored, let go of the database."""
        if self._closing is not None:
            await self._closing.aclose()
            self._closing = None

    async def run(self) -> None:
        """Start, and stop when cancelled.

        Raises:
            Exception: what ended one of the analyzer's own tasks.
        """
        await self.start()
        try:
            await asyncio.gather(*self._tasks)
        finally:
            await self.stop()

    def not_ready(self) -> str:
        """Why the analyzer is not ready; empty when it is."""
        if self._closing is None:
            return "not started"
        return "the diagnosis loop has ended" if any(task.done() for task in self._tasks) else ""

    @property
    def port(self) -> int:
        """The port for mediators in use; 0 before the start."""
        return self._port.port if self._port else 0

    @property
    def api_port(self) -> int:
        """The port of the API in use; 0 before the start."""
        return self._api.port if self._api else 0

    @property
    def connected(self) -> frozenset[str]:
        """Names of the mediators whose stream is open."""
        return self._link.connected

    async def ask(self, question: Callable[[Casebook], T]) -> T:
        """Let ``question`` read the casebook, on the thread that owns it.

        Raises:
            StorageError: the database refused.
        """
        return await self._worker.do(lambda: question(self._casebook))

    async def _open(self, stack: AsyncExitStack) -> None:
        self._worker = Worker()
        stack.push_async_callback(self._worker.stop)
        url = self.config.database(self.data_dir)
        self._casebook = await self._worker.do(lambda: Casebook.open(url, self.config, self.reasoner))
        stack.push_async_callback(self._worker.do, self._casebook.close)

    async def _serve(self, stack: AsyncExitStack) -> None:
        pacing = Pacing(self.clock)
        instruments = Instruments.of(self.meter, self._casebook.engine)
        intake = Intake(self._casebook, self._worker, self.clock, pacing, instruments)
        known = tokens("analyzer.token", self.config.token, self.logger) if self.config.token else None
        self._link = AnalyzerLink(LinkReceiver(intake, intake.apply), self.logger, known)
        self._port = LinkPort(self._link, self.config.listen, self.config.tls, self.logger)
        self._api = HttpServer(create_api(self), self.config.api_listen)
        for server in (self._port, self._api):
            await server.start()
            stack.push_async_callback(server.stop)
        self._start_tasks(stack, pacing, instruments)

    def _start_tasks(self, stack: AsyncExitStack, pacing: Pacing, instruments: Instruments) -> None:
        loop = DiagnosisLoop(
            self._casebook,
            self._worker,
            self.reasoner,
            pacing,
            self.clock,
            self._link.request_evidence,
            instruments,
            self.tracer,
            self.logger,
        )
        days = self.config.retention_days
        self._spawn(loop.run())
        self._spawn(forget(self._casebook, self._worker, self.clock, days, self.logger))
        stack.push_async_callback(self._end_tasks)

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        self._tasks.append(asyncio.create_task(work))

    async def _end_tasks(self) -> None:
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
