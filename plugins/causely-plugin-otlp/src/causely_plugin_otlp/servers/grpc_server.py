"""OTLP over gRPC, with health and reflection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import unquote

import grpc
from attrs import define, field
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from causely_plugin_otlp.config import OtlpConfig
from causely_plugin_otlp.errors import BadPayload, OtlpError, TooSlow
from causely_plugin_otlp.intake import Intake
from causely_plugin_otlp.room import Room
from causely_plugin_otlp.servers.answers import SERVICES, grpc_code, refusal
from causely_plugin_otlp.signals import Signal

_STATUS = "grpc-status-details-bin"
_GRACE = 2.0
_Context = grpc.aio.ServicerContext[bytes, bytes]
_Handler = Callable[[AsyncIterator[bytes], _Context], Awaitable[bytes]]


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
            options=[("grpc.max_receive_message_length", self.config.max_message_bytes), ("grpc.so_reuseport", 0)],
        )
        calls = Room(self.config.max_concurrent_requests)
        self._server.add_generic_rpc_handlers([self._handler(signal, calls) for signal in Signal])
        await self._add_health()
        names = [service.name for service in SERVICES.values()]
        reflection.enable_server_reflection([*names, reflection.SERVICE_NAME], self._server)
        try:
            self.port = self._server.add_insecure_port(self.config.grpc_endpoint)
        except RuntimeError as problem:
            reason = "the address is in use, or none of this machine's"
            raise OSError(f"cannot listen on {self.config.grpc_endpoint}: {reason}") from problem
        await self._server.start()

    async def stop(self) -> None:
        """Let calls that are running end, for a short while."""
        await self._server.stop(_GRACE)

    async def _add_health(self) -> None:
        servicer = health.aio.HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(servicer, self._server)
        for name in ("", *(service.name for service in SERVICES.values())):
            await servicer.set(name, health_pb2.HealthCheckResponse.SERVING)

    def _handler(self, signal: Signal, calls: Room) -> grpc.GenericRpcHandler:
        """The service of ``signal``; messages stay bytes, since folding knows best what to read of them.

        On the wire a unary call is a stream of one message. Taken as a stream, a call is counted, and refused in
        OTLP's words, before its message is read; gRPC's own limit would refuse it for good.
        """
        export: grpc.RpcMethodHandler[bytes, bytes] = grpc.stream_unary_rpc_method_handler(self._export(signal, calls))
        return grpc.method_handlers_generic_handler(SERVICES[signal].name, {"Export": export})

    def _export(self, signal: Signal, calls: Room) -> _Handler:
        service = SERVICES[signal]

        async def export(messages: AsyncIterator[bytes], context: _Context) -> bytes:
            try:
                with calls.held(1):
                    message = await _first(messages, self.config.request_timeout)
                    outcome = await self.intake.take(signal, message, _address(context.peer()))
            except OtlpError as problem:
                self.intake.counters.refused(problem.reason)
                trailer = ((_STATUS, refusal(problem).SerializeToString()),)
                await context.abort(grpc_code(problem), str(problem), trailer)
            return service.answer(outcome).SerializeToString()

        return export


async def _first(messages: AsyncIterator[bytes], seconds: float) -> bytes:
    try:
        async with asyncio.timeout(seconds):
            async for message in messages:
                return message
    except TimeoutError as problem:
        raise TooSlow(f"the message did not arrive within {seconds:g} s") from problem
    raise BadPayload("the call ended without a message")


def _address(peer: str) -> str:
    """The IP address in gRPC's ``ipv4:10.1.0.7:4567``; empty for who has none."""
    family, _, rest = unquote(peer).partition(":")
    return rest.rpartition(":")[0].strip("[]").removeprefix("::ffff:") if family in ("ipv4", "ipv6") else ""
