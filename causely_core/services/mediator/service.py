"""The mediator as a running part: plugins and agents in, uplink out."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import NoReturn

from attrs import define, field
from opentelemetry.metrics import Meter
from opentelemetry.trace import Tracer
from structlog.typing import FilteringBoundLogger

from causely_core import __version__
from causely_core.egress.gate import EgressGate
from causely_core.egress.ledger import Ledger
from causely_core.model import Clock, EvidenceRequest, TopologyDelta
from causely_core.plugins import PluginManager
from causely_core.services.mediator.agents import AgentIntake
from causely_core.services.mediator.attendance import Attendance
from causely_core.services.mediator.config import MediatorConfig
from causely_core.services.mediator.evidence import gather
from causely_core.services.mediator.server import AgentServer
from causely_core.services.mediator.uplink import Uplink
from causely_core.services.watching import Resolver, Watch
from causely_core.services.watching.tasks import attempt
from causely_core.timeseries.store import TimeSeriesStore
from causely_core.wire import Snapshot
from causely_core.wire.dialect import MEDIATE
from causely_core.wire.sender import LinkSender
from causely_core.wire.spool import Spool
from causely_core.wire.token import Tokens, tokens


@define
class Mediator:
    """Watches through plugins, judges, and reports to the analyzer, with what its agents forward.

    Attributes:
        store: where series are written and evidence is read; closed with the mediator.
        data_dir: spool, ledger and plugin folders live here.
    """

    config: MediatorConfig
    plugins: PluginManager
    clock: Clock
    logger: FilteringBoundLogger
    meter: Meter
    tracer: Tracer
    store: TimeSeriesStore
    data_dir: Path
    watch: Watch = field(init=False)
    agents: AgentIntake = field(init=False)
    uplink: Uplink = field(init=False)
    server: AgentServer = field(init=False)

    @watch.default
    def _watch(self) -> Watch:
        return Watch(
            self.config,
            self.plugins,
            self.clock,
            self.logger,
            self.meter,
            self.tracer,
            self.store,
            self._tell,
            lambda delta: self.uplink.symptoms(delta),
            Resolver(self.plugins.aliases),
        )

    async def start(self) -> None:
        """Open spool and ports, then start every plugin's streams.

        Raises:
            UnavailableError: the port for agents is taken.
            WireError: the spool cannot be written, or a certificate or token cannot be used.
        """
        self._open_uplink()
        self.agents = AgentIntake(self.watch.intake, lambda: self.uplink)
        self.server = AgentServer(self.config.agents_listen, self.agents, self.config.agents_tls, self.logger)
        await self.server.start()
        await self.watch.start()
        # Not before: the analyzer may ask for a snapshot, which tells what the judge holds.
        self.watch.tasks.spawn(self.uplink.link.run())
        self.watch.tasks.spawn(self.watch.settle(lambda: self.uplink.link.send(self._snapshot())))
        self.watch.tasks.spawn(self._dismiss(Attendance(self.config.agents_away)))

    async def stop(self) -> None:
        """Stop the streams, close the ports, flush ledger and spool."""
        await self.watch.stop()
        await self.server.stop()
        self.uplink.gate.ledger.close()
        self.uplink.link.spool.close()

    def not_ready(self) -> str:
        """Why the mediator is not ready; empty when it is."""
        return self.watch.tasks.not_ready()

    def _open_uplink(self) -> None:
        gate = EgressGate(self.config.egress, Ledger(self.data_dir), self.config.analyzer, self.clock)
        spool = Spool(self.data_dir / "uplink.spool", max_bytes=self.config.spool_max_bytes)
        link = LinkSender(
            MEDIATE,
            self.config.analyzer,
            self.config.name,
            spool,
            self._snapshot,
            cluster=self.config.cluster,
            version=__version__,
            tls=self.config.analyzer_tls,
            token=self._token(),
            on_evidence=self._answer,
            clock=self.clock,
            meter=self.meter,
            logger=self.logger,
        )
        self.uplink = Uplink(gate, link)

    def _token(self) -> Tokens | None:
        path = self.config.analyzer_token
        return tokens("mediator.analyzer_token", path, self.logger) if path else None

    async def _dismiss(self, attendance: Attendance) -> NoReturn:
        while True:
            await asyncio.sleep(attendance.limit / 10)
            for name in attendance.gone(self.agents.cursors, self.server.connected, self.clock.now()):
                self.logger.warning("agent gone", agent=name, away=attendance.limit)
                await attempt(self.logger, "forgetting", self.agents.forget(name))

    async def _tell(self, delta: TopologyDelta) -> None:
        await self.uplink.topology(delta)
        await self.agents.rename()

    async def _answer(self, request: EvidenceRequest) -> None:
        await self.uplink.evidence(
            await gather(self.uplink.gate.request(request), self.store, self.watch.intake.called)
        )

    def _snapshot(self) -> Snapshot:
        symptoms = (self.watch.active(), *self.agents.snapshots())
        return self.uplink.snapshot(self.watch.intake.topology.snapshots(), symptoms)
