"""The sending end of a sequenced link: agent to mediator, mediator to analyzer."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable

import grpc
import structlog
from attrs import define, field
from opentelemetry.metrics import Meter, NoOpMeter
from structlog.typing import FilteringBoundLogger

from causely_core.model import Clock, EvidenceRequest, SystemClock
from causely_core.wire.backoff import Backoff
from causely_core.wire.certificates import client_certificates
from causely_core.wire.channel import open_channel
from causely_core.wire.convert import update_to_pb
from causely_core.wire.dialect import Dialect
from causely_core.wire.link_metrics import LinkMetrics
from causely_core.wire.pb import update_pb2
from causely_core.wire.renewable import Renewable
from causely_core.wire.sending import Broken, Sending
from causely_core.wire.spool import Spool
from causely_core.wire.tls import Pem, TlsConfig
from causely_core.wire.token import Tokens, proof
from causely_core.wire.update import Payload, Snapshot, Update


async def _ignore(_: EvidenceRequest) -> None:
    return None


@define(eq=False)
class LinkSender:
    """Keeps what it is given in a spool until the receiver has stored it, over any number of connections.

    Attributes:
        dialect: which service to speak, ``FORWARD`` or ``MEDIATE``.
        target: ``host:port`` of the receiver.
        sender: stable name of this end; the receiver keeps its cursor by it.
        spool: where updates wait.
        snapshot: tells everything this end knows now. Called on the event loop and not awaited, so that no
            update can come between: change the state first, then :meth:`send` the delta.
        cluster: the cluster watched.
        version: of this software.
        tls: none for plaintext.
        token: sent with each connection, where there is one; who makes the sender sees to it that nobody listens.
        on_evidence: called with each evidence request, in a task of its own.
        meter: counts sent, acked, resyncs, reconnects and spool bytes.
        backoff: pauses between connections.
        look_at_files: seconds from one look at the certificates to the next while connected.
    """

    dialect: Dialect
    target: str
    sender: str
    spool: Spool
    snapshot: Callable[[], Snapshot]
    cluster: str = ""
    version: str = ""
    tls: TlsConfig | None = None
    token: Tokens | None = None
    on_evidence: Callable[[EvidenceRequest], Awaitable[None]] = _ignore
    clock: Clock = field(factory=SystemClock)
    meter: Meter = field(factory=lambda: NoOpMeter("causely"))
    logger: FilteringBoundLogger = field(factory=structlog.get_logger)
    backoff: Backoff = field(factory=Backoff)
    look_at_files: float = 30.0
    _metrics: LinkMetrics = field(init=False)
    _wake: asyncio.Event = field(factory=asyncio.Event, init=False)
    _acked: asyncio.Condition = field(factory=asyncio.Condition, init=False)
    _connected: bool = field(default=False, init=False)

    def __attrs_post_init__(self) -> None:
        """Create the instruments."""
        self._metrics = LinkMetrics.of(self.meter, self.dialect.name, lambda: self.spool.size)

    @property
    def connected(self) -> bool:
        """Whether the receiver has greeted and the stream is open."""
        return self._connected

    async def send(self, payload: Payload) -> int:
        """Spool ``payload`` and wake the stream; returns its sequence number.

        Raises:
            WireError: the payload is not well-formed; nothing was spooled.
        """
        sequence = self.spool.append(self._encoded(payload))
        self._wake.set()
        return sequence

    async def drained(self) -> None:
        """Wait until everything spooled has been acknowledged."""
        async with self._acked:
            await self._acked.wait_for(lambda: self.spool.size == 0)

    async def run(self) -> None:
        """Connect and send until cancelled; what is left stays in the spool.

        Raises:
            WireError: a certificate file cannot be used.
        """
        certificates = client_certificates(self.tls, self.logger) if self.tls else None
        while True:
            pem = certificates.current if certificates else None
            async with open_channel(self.target, pem, self.tls.server_name if self.tls else "") as channel:
                while certificates is None or certificates.current == pem:
                    await self._connection(channel, certificates)
                    self._metrics.add(self._metrics.reconnects)
                    await asyncio.sleep(self.backoff.delay())
                    if certificates is not None:
                        certificates.renew()

    async def _connection(self, channel: grpc.aio.Channel, certificates: Renewable[Pem] | None) -> None:
        call = self.dialect.call(channel, proof(self.token) if self.token else ())
        sending = Sending(self.spool, self.dialect, call, self._metrics, self._wake, self.logger)
        try:
            await sending.greet(self._hello())
            self._connected = True
            self.backoff.reset()
            self.logger.info("link up", link=self.dialect.name, target=self.target)
            await sending.stream(self._resync, self._on_ack, self.on_evidence, lambda: self._renewal(certificates))
        except (Broken, sqlite3.Error) as reason:
            # A disk that is full now may have room later; what the spool holds is still there.
            self.logger.warning("link down", link=self.dialect.name, target=self.target, reason=str(reason))
        finally:
            self._connected = False
            sending.cancel()

    async def _renewal(self, certificates: Renewable[Pem] | None) -> None:
        """Wait for other certificates, to prove oneself with those before the old ones expire."""
        if certificates is None:
            await asyncio.Event().wait()
        else:
            await certificates.renewed(self.look_at_files)
            raise Broken("there are new certificates: connecting anew")

    def _hello(self) -> update_pb2.Hello:
        return update_pb2.Hello(sender=self.sender, epoch=self.spool.epoch, version=self.version, cluster=self.cluster)

    def _resync(self) -> int:
        sequence = self.spool.replace(self._encoded(self.snapshot()))
        self._metrics.add(self._metrics.resyncs)
        return sequence

    def _encoded(self, payload: Payload) -> bytes:
        return update_to_pb(Update(0, self.clock.now(), payload)).SerializeToString()

    async def _on_ack(self) -> None:
        async with self._acked:
            self._acked.notify_all()
