"""The agent as a running part: plugins in, a spooled link to the mediator out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from attrs import define, field
from opentelemetry.metrics import Meter
from opentelemetry.trace import Tracer
from structlog.typing import FilteringBoundLogger

from causely_core import __version__
from causely_core.model import Clock, SymptomDelta
from causely_core.plugins import PluginManager
from causely_core.services.agent.config import AgentConfig
from causely_core.services.agent.unsent import unsent_symptoms
from causely_core.services.watching import Watch
from causely_core.timeseries.store import TimeSeriesStore
from causely_core.wire import Snapshot
from causely_core.wire.dialect import FORWARD
from causely_core.wire.sender import LinkSender
from causely_core.wire.spool import Spool


@define
class Agent:
    """Watches through plugins, judges, and forwards topology and manifestations to the mediator.

    It connects to the mediator and to the store of series; its plugins to the Kubernetes API and the kubelet. The
    egress gate is in the mediator: what an agent forwards has not left the cluster yet.

    Attributes:
        store: where series are written; closed with the agent.
        data_dir: the spool lives here.
        mediator: tells, at the start, the address to forward to.
    """

    config: AgentConfig
    plugins: PluginManager
    clock: Clock
    logger: FilteringBoundLogger
    meter: Meter
    tracer: Tracer
    store: TimeSeriesStore
    data_dir: Path
    mediator: Callable[[], str] = field()
    watch: Watch = field(init=False)
    link: LinkSender = field(init=False)

    @mediator.default
    def _configured(self) -> Callable[[], str]:
        return lambda: self.config.mediator

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
            lambda delta: self.link.send(delta),
            lambda delta: self.link.send(delta),
        )

    async def start(self) -> None:
        """Open the spool, then start every plugin's streams and the link.

        Raises:
            WireError: the spool cannot be written, or a certificate file cannot be used.
        """
        if self.config.mediator_tls is not None:
            self.config.mediator_tls.read()
        self._open_link()
        await self.watch.start()
        # Not before: the mediator may ask for a snapshot, which tells what the judge holds.
        self.watch.tasks.spawn(self.link.run())
        self.watch.tasks.spawn(self.watch.settle(lambda: self.link.send(self._everything())))

    async def stop(self) -> None:
        """Stop the streams and the link; what is not acknowledged stays in the spool."""
        await self.watch.stop()
        self.link.spool.close()

    def not_ready(self) -> str:
        """Why the agent is not ready; empty when it is, be the mediator there or not."""
        return self.watch.tasks.not_ready()

    def _open_link(self) -> None:
        spool = Spool(self.data_dir / "agent.spool", max_bytes=self.config.spool_max_bytes)
        self.link = LinkSender(
            FORWARD,
            self.mediator(),
            self.config.name,
            spool,
            self._snapshot,
            cluster=self.config.cluster,
            version=__version__,
            tls=self.config.mediator_tls,
            clock=self.clock,
            meter=self.meter,
            logger=self.logger,
        )

    def _snapshot(self) -> Snapshot:
        # Half, so that what happens while the snapshot waits in the spool has room beside it.
        unsent = unsent_symptoms(self.link.spool, self.config.name, self.config.spool_max_bytes // 2)
        return self._everything(*unsent)

    def _everything(self, *unsent: SymptomDelta) -> Snapshot:
        return Snapshot(self.watch.intake.topology.snapshots(), (*unsent, self.watch.active()))
