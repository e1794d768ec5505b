"""OTLP over HTTP: protobuf and JSON, plain or compressed."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager

import uvicorn
from attrs import define, field
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from causely_plugin_otlp.config import OtlpConfig
from causely_plugin_otlp.errors import OtlpError, Overloaded
from causely_plugin_otlp.intake import Intake
from causely_plugin_otlp.room import Room
from causely_plugin_otlp.servers.answers import RETRY_AFTER, SERVICES, http_status, refusal
from causely_plugin_otlp.servers.bodies import body_of
from causely_plugin_otlp.servers.codecs import Codec, Protobuf, codec_of
from causely_plugin_otlp.servers.connections import KEEP_ALIVE, connection_of
from causely_plugin_otlp.signals import Signal


class _QuietServer(uvicorn.Server):
    """Leaves the process's signal handlers alone."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


@define
class HttpServer:
    """Serves ``/v1/traces``, ``/v1/metrics`` and ``/v1/logs``.

    Attributes:
        port: in use, once started.
    """

    config: OtlpConfig
    intake: Intake
    port: int = field(default=0, init=False)
    _calls: Room = field(init=False)
    _server: uvicorn.Server = field(init=False)
    _serving: asyncio.Task[None] = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Make room for calls."""
        self._calls = Room(self.config.max_concurrent_requests)

    def start(self) -> None:
        """Bind and serve.

        Raises:
            OSError: the endpoint cannot be bound.
        """
        bound = _bound(self.config.http_endpoint)
        self.port = bound.getsockname()[1]
        app = Starlette(routes=[Route(f"/v1/{signal}", self._export(signal), methods=["POST"]) for signal in Signal])
        self._server = _QuietServer(
            uvicorn.Config(
                app,
                http=connection_of(self.config.request_timeout),
                log_config=None,
                access_log=False,
                lifespan="off",
                timeout_keep_alive=KEEP_ALIVE,
                timeout_graceful_shutdown=2,
            )
        )
        # Clients may connect from here on, as the socket listens already; so there is nothing to wait for, and
        # nowhere to be cancelled at with a server that nobody stops.
        self._serving = asyncio.create_task(self._server.serve([bound]))

    async def stop(self) -> None:
        """Let requests that are running end, for a short while."""
        self._server.should_exit = True
        await asyncio.gather(self._serving, return_exceptions=True)

    def _export(self, signal: Signal) -> Callable[[Request], Awaitable[Response]]:
        service = SERVICES[signal]

        async def export(request: Request) -> Response:
            codec: Codec = Protobuf()
            try:
                codec = codec_of(request.headers.get("content-type", ""))
                with self._calls.held(1):
                    async with body_of(
                        request, codec.limit(self.config), self.config.request_timeout, self.intake.room
                    ) as body:
                        message = await codec.request(body, service.request)
                    outcome = await self.intake.take(signal, message, _address(request))
            except ClientDisconnect:
                return Response(status_code=400)
            except OtlpError as problem:
                self.intake.counters.refused(problem.reason)
                return _refused(problem, codec)
            return Response(codec.answer(service.answer(outcome)), media_type=codec.content_type)

        return export


def _address(request: Request) -> str:
    return request.client.host.removeprefix("::ffff:") if request.client else ""


def _refused(problem: OtlpError, codec: Codec) -> Response:
    headers = {"Retry-After": str(RETRY_AFTER)} if isinstance(problem, Overloaded) else {}
    body = codec.answer(refusal(problem))
    return Response(body, http_status(problem), headers, codec.content_type)


def _bound(endpoint: str) -> socket.socket:
    host, _, port = endpoint.rpartition(":")
    host = host.strip("[]")
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, int(port)))
        bound.listen()
    except OSError as problem:
        bound.close()
        raise OSError(f"cannot listen on {endpoint}: {problem.strerror}") from problem
    return bound
