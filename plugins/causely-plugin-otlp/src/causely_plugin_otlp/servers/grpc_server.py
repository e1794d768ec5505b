"""OTLP over gRPC, with health and reflection."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import grpc
from attrs import define, field
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from causely_plugin_otlp.config import OtlpConfig
from causely_plugin_otlp.errors import OtlpError
from causely_plugin_otlp.intake import Intake
from causely_plugin_otlp.servers.answers import SERVICES, grpc_code, refusal
from causely_plugin_otlp.signals import Signal

_STATUS = "grpc-status-details-bin"
_GRACE = 2.0
_Handler = Callable[[bytes, "grpc.aio.ServicerContext[bytes, bytes]"], Awaitable[bytes]]


@define
class GrpcServer:
    """Serves the three collector services.

    Attributes:
        port: in use, once started.
    """

    config: OtlpConfig
    intake: Intake
    port: int = field(default=0, init=False)
    _server: grpc.aio.Server = field(init=False)

    async def start(self) -> None:
        """Bind and serve.

        Raises:
            OSError: the endpoint cannot be bound.
        """
        self._server = grpc.aio.server(
            maximum_concurrent_rpcs=self.config.max_concurrent_requests,
            options=[("grpc.max_receive_message_length", self.config.max_message_bytes), ("grpc.so_reuseport", 0)],
        )
        self._server.add_generic_rpc_handlers([_handler(signal, self.intake) for signal in Signal])
        await self._add_health()
        names = [service.name for service in SERVICES.values()]
        reflection.enable_server_reflection([*names, reflection.SERVICE_NAME], self._server)
        try:
            self.port = self._server.add_insecure_port(self.config.grpc_endpoint)
        except RuntimeError as problem:
            raise OSError(f"cannot listen on {self.config.grpc_endpoint}: {problem}") from problem
        await self._server.start()

    async def stop(self) -> None:
        """Let calls that are running end, for a short while."""
        await self._server.stop(_GRACE)

    async def _add_health(self) -> None:
        servicer = health.aio.HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(servicer, self._server)
        for name in ("", *(service.name for service in SERVICES.values())):
            await servicer.set(name, health_pb2.HealthCheckResponse.SERVING)


def _handler(signal: Signal, intake: Intake) -> grpc.GenericRpcHandler:
    """The service of ``signal``; messages stay bytes, since folding knows best what to read of them."""
    export: grpc.RpcMethodHandler[bytes, bytes] = grpc.unary_unary_rpc_method_handler(_export(signal, intake))
    return grpc.method_handlers_generic_handler(SERVICES[signal].name, {"Export": export})


def _export(signal: Signal, intake: Intake) -> _Handler:
    service = SERVICES[signal]

    async def export(request: bytes, context: grpc.aio.ServicerContext[bytes, bytes]) -> bytes:
        try:
            outcome = await intake.take(signal, request)
        except OtlpError as problem:
            intake.counters.refused(problem.reason)
            trailer = ((_STATUS, refusal(problem).SerializeToString()),)
            await context.abort(grpc_code(problem), str(problem), trailer)
        return service.answer(outcome).SerializeToString()

    return export
