"""Running an ASGI application inside a service's own event loop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Any

import uvicorn
from attrs import define, field

from causely_core.errors import UnavailableError


class _QuietServer(uvicorn.Server):
    """A server that leaves the process's signal handlers alone: the service decides when to stop.

    It wakes once a second, for the header ``Date``, where uvicorn looks ten times whether to stop: waking costs more
    than all else where nothing happens.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._stopping = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def main_loop(self) -> None:
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    await self._stopping.wait()

    def stop(self) -> None:
        self.should_exit = True
        self._stopping.set()


@define
class HttpServer:
    """An ASGI application on one address.

    Attributes:
        app: the ASGI application.
        listen: ``host:port``; port 0 takes a free one.
        port: the port in use; 0 before the start.
    """

    app: Any
    listen: str
    port: int = field(default=0, init=False)
    _server: _QuietServer | None = field(default=None, init=False)
    _task: asyncio.Task[None] | None = field(default=None, init=False)

    async def start(self) -> None:
        """Bind and begin to serve.

        Raises:
            UnavailableError: the address is taken or not ours.
        """
        bound = bind(self.listen)
        self.port = int(bound.getsockname()[1])
        config = uvicorn.Config(
            self.app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=2
        )
        self._server = _QuietServer(config)
        self._task = asyncio.create_task(self._server.serve([bound]))

    async def stop(self) -> None:
        """Finish open requests for at most two seconds and release the port."""
        if self._server is not None and self._task is not None:
            self._server.stop()
            await self._task


def bind(listen: str) -> socket.socket:
    """A TCP socket bound to ``host:port``.

    Raises:
        UnavailableError: the address is taken, not ours, or not of the form ``host:port``.
    """
    host, port = split_address(listen)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as problem:
        bound.close()
        raise UnavailableError(f"cannot listen on {listen}: {problem.strerror}") from problem
    return bound


def split_address(address: str) -> tuple[str, int]:
    """Host and port of ``host:port``, the host without the brackets of IPv6.

    Raises:
        UnavailableError: the text is not of that form.
    """
    host, separator, port = address.rpartition(":")
    if not separator or not port.isdigit() or int(port) > 65_535:
        raise UnavailableError(f"address {address!r}: expected host:port, such as 127.0.0.1:4317")
    return host.strip("[]") or "0.0.0.0", int(port)
