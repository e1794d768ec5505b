"""The gRPC port that mediators connect to, with health and reflection."""

from __future__ import annotations

import grpc
import structlog
from attrs import define, field
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from structlog.typing import FilteringBoundLogger

from causely_core.services.http import split_address
from causely_core.wire.channel import SERVER_OPTIONS, listen
from causely_core.wire.pb import analyzer_service_pb2
from causely_core.wire.servicers import AnalyzerLink
from causely_core.wire.tls import TlsConfig

SERVICE: str = analyzer_service_pb2.DESCRIPTOR.services_by_name["AnalyzerService"].full_name
GRACE = 0.5
"""Seconds that streams have to end by themselves; mediators repeat what was not acknowledged."""


@define(eq=False)
class LinkPort:
    """Serves a link on one address.

    Attributes:
        address: ``host:port``; port 0 takes a free one.
        port: the port in use; 0 before the start.
    """

    link: AnalyzerLink
    address: str
    tls: TlsConfig | None = None
    logger: FilteringBoundLogger = field(factory=structlog.get_logger)
    port: int = field(default=0, init=False)
    _server: grpc.aio.Server | None = field(default=None, init=False)

    async def start(self) -> None:
        """Bind and serve.

        Raises:
            UnavailableError: the address is not of the form ``host:port``.
            WireError: the address is taken, or a certificate file cannot be used.
        """
        split_address(self.address)
        server = grpc.aio.server(options=list(SERVER_OPTIONS))
        self.link.add_to(server)
        healthy = health.aio.HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(healthy, server)
        reflection.enable_server_reflection((SERVICE, health.SERVICE_NAME, reflection.SERVICE_NAME), server)
        self.port = listen(server, self.address, self.tls, self.logger)
        await server.start()
        self._server = server
        for name in ("", SERVICE):
            await healthy.set(name, health_pb2.HealthCheckResponse.SERVING)

    async def stop(self) -> None:
        """End all streams and release the port."""
        if self._server is not None:
            await self._server.stop(GRACE)
