"""The port agents (and later the executor) connect to: 50051."""

from __future__ import annotations

import grpc
from attrs import define, field
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from structlog.typing import FilteringBoundLogger

from causely_core.errors import UnavailableError
from causely_core.services.mediator.agents import AgentIntake
from causely_core.wire.certificates import server_credentials
from causely_core.wire.channel import SERVER_OPTIONS
from causely_core.wire.pb import agent_service_pb2
from causely_core.wire.receiver import LinkReceiver
from causely_core.wire.servicers import AgentLink
from causely_core.wire.tls import TlsConfig

LOOPBACK = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]", "": "localhost"}
"""Where to find who listens on every address."""


@define
class AgentServer:
    """gRPC server for AgentService, with health and reflection.

    Attributes:
        listen: ``host:port``; port 0 takes a free one.
        port: the port in use once started.
    """

    listen: str
    intake: AgentIntake
    tls: TlsConfig | None
    logger: FilteringBoundLogger
    port: int = field(default=0, init=False)
    _server: grpc.aio.Server = field(init=False)
    _link: AgentLink = field(init=False)

    @_link.default
    def _receiving(self) -> AgentLink:
        return AgentLink(LinkReceiver(self.intake, self.intake.apply), self.logger)

    @property
    def connected(self) -> frozenset[str]:
        """Names of the agents whose stream is open now."""
        return self._link.connected

    @property
    def local(self) -> str:
        """``host:port`` for an agent in the same network namespace, once started."""
        host = self.listen.rpartition(":")[0]
        return f"{LOOPBACK.get(host, host)}:{self.port}"

    async def start(self) -> None:
        """Bind and serve.

        Raises:
            UnavailableError: the address cannot be bound.
        """
        self._server = grpc.aio.server(options=list(SERVER_OPTIONS))
        self._link.add_to(self._server)
        service = agent_service_pb2.DESCRIPTOR.services_by_name["AgentService"].full_name
        await self._add_health(service)
        reflection.enable_server_reflection([service, reflection.SERVICE_NAME], self._server)
        self.port = self._bind()
        await self._server.start()

    async def stop(self) -> None:
        """End open streams within a second."""
        await self._server.stop(grace=1.0)

    async def _add_health(self, service: str) -> None:
        servicer = health.aio.HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(servicer, self._server)
        for name in ("", service):
            await servicer.set(name, health_pb2.HealthCheckResponse.SERVING)

    def _bind(self) -> int:
        try:
            if self.tls is None:
                return int(self._server.add_insecure_port(self.listen))
            return int(self._server.add_secure_port(self.listen, server_credentials(self.tls, self.logger)))
        except RuntimeError as problem:
            raise UnavailableError(f"cannot listen on {self.listen}: {problem}") from problem
