"""A receiver that really listens, and what came out of it."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import TYPE_CHECKING

import grpc
import httpx
import pytest
import structlog
from attrs import define, evolve, field
from causely_plugin_otlp import OtlpConfig
from causely_plugin_otlp.receiver import OtlpReceiver
from causely_plugin_otlp.room import Room
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from causely_core.hookspecs import HookContext
from causely_core.model import SystemClock, Topology

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from causely_core.model import Observation, TopologyDelta

DEADLINE = 20.0


async def until(condition: Callable[[], object], seconds: float = DEADLINE) -> None:
    """Wait for ``condition``; the test fails when it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.01)


async def no_longer_listening(host: str, port: int) -> None:
    """Wait until connections are refused, or reset, as one that waits to be accepted is when the listener closes."""
    async with asyncio.timeout(DEADLINE):
        with suppress(ConnectionRefusedError, ConnectionResetError):
            while True:
                _, writer = await asyncio.open_connection(host, port)
                writer.close()
                await asyncio.sleep(0.01)


@define
class Receiving:
    """A receiver with its two streams being read, as the mediator reads them."""

    receiver: OtlpReceiver
    reader: InMemoryMetricReader
    topology: Topology = field(factory=Topology)
    observations: list[Observation] = field(factory=list)
    deltas: int = 0
    _stack: AsyncExitStack = field(factory=AsyncExitStack)
    _discovering: asyncio.Task[None] | None = None

    @classmethod
    def of(cls, folder: Path, **settings: object) -> Receiving:
        config = OtlpConfig(
            **{"grpc_endpoint": "127.0.0.1:0", "http_endpoint": "127.0.0.1:0", "flush_interval": 0.05} | settings
        )
        reader = InMemoryMetricReader()
        meter = MeterProvider([reader], shutdown_on_exit=False).get_meter("test")
        context = HookContext("mediator", config, SystemClock(), structlog.get_logger(), meter, folder)
        return cls(OtlpReceiver(context), reader)

    async def start(self) -> None:
        """Serve until :meth:`stop`; raises what hinders it."""
        self.receiver.http.port = 0
        observing = await self._stack.enter_async_context(_running(self._observe()))
        self._discovering = await self._stack.enter_async_context(_running(self._discover()))
        await until(lambda: self.receiver.http.port or observing.done())
        if observing.done():
            await observing

    async def stop(self) -> None:
        await self._stack.aclose()

    async def stop_discovering(self) -> None:
        """Leave the topology to others."""
        self._discovering.cancel()
        await asyncio.wait([self._discovering])

    @property
    def room(self) -> Room:
        """Bytes that may be in flight: a test that takes them all makes the receiver busy."""
        return self.receiver.room

    @property
    def observed(self) -> set[str]:
        return {each.series.entity for each in self.observations}

    @property
    def grpc(self) -> str:
        return f"127.0.0.1:{self.receiver.grpc.port}"

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.receiver.http.port}"

    @property
    def entities(self) -> set[str]:
        return set(self.topology.entities)

    @property
    def relations(self) -> set[str]:
        return {f"{r.source} {r.type} {r.target}" for r in self.topology.relations}

    def counted(self, name: str) -> dict[str, int]:
        """A metric of the receiver's by signal or reason; one without either is under the empty string."""
        data = self.reader.get_metrics_data()
        metrics = [m for r in data.resource_metrics for s in r.scope_metrics for m in s.metrics] if data else []
        points = [point for metric in metrics if metric.name == name for point in metric.data.data_points]
        return {next(iter(point.attributes.values()), ""): point.value for point in points}

    async def _observe(self) -> None:
        async for batch in self.receiver.observe():
            self.observations.extend(batch)

    async def _discover(self) -> None:
        async for delta in self.receiver.discover():
            self._apply(delta)

    def _apply(self, delta: TopologyDelta) -> None:
        self.deltas += 1
        self.topology.apply(evolve(delta, version=self.deltas))


@asynccontextmanager
async def _running(work: object) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, OSError):
            await task


@pytest.fixture
async def receiving(tmp_path):
    """Starts receivers with the given settings; stops them at the end."""
    async with AsyncExitStack() as stack:

        async def start(**settings: object) -> Receiving:
            one = Receiving.of(tmp_path, **settings)
            stack.push_async_callback(one.stop)
            await one.start()
            return one

        yield start


@pytest.fixture
async def otlp(receiving):
    """A receiver with small limits."""
    return await receiving(request_timeout=10.0, max_message_bytes=1 << 20, max_pending_bytes=4 << 20)


@pytest.fixture
async def channel(otlp):
    """A gRPC channel to the receiver."""
    async with grpc.aio.insecure_channel(otlp.grpc) as channel:
        yield channel


@pytest.fixture
async def http(otlp):
    """An HTTP client of the receiver."""
    async with httpx.AsyncClient(base_url=otlp.http, timeout=DEADLINE) as client:
        yield client
