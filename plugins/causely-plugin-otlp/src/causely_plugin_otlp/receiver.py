"""The receiver: both servers and the pipeline behind them, as one collector and one discoverer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from causely_core.deltas import Deltas
from causely_plugin_otlp.counters import Counters
from causely_plugin_otlp.intake import Intake
from causely_plugin_otlp.pipeline import Pipeline
from causely_plugin_otlp.room import Room
from causely_plugin_otlp.servers.grpc_server import GrpcServer
from causely_plugin_otlp.servers.http_server import HttpServer

if TYPE_CHECKING:
    from causely_core.hookspecs import HookContext
    from causely_core.model import ObservationBatch, TopologyDelta


class OtlpReceiver:
    """Receives OTLP from everywhere in the cluster.

    Attributes:
        name: ``otlp``.
        grpc: the gRPC server; its port is known while :meth:`observe` runs.
        http: the HTTP server, likewise.
        room: what requests in flight share.
    """

    name = "otlp"

    def __init__(self, context: HookContext) -> None:
        config = context.config
        self._flush_interval = config.flush_interval
        self._logger = context.logger
        counters = Counters(context.meter)
        pipeline = Pipeline(config, context.clock.now(), context.aliases)
        self.room = room = Room(config.max_pending_bytes)
        self._intake = Intake(pipeline, context.clock, counters, room)
        self._deltas = Deltas(self._intake.snapshot)
        self.grpc = GrpcServer(config, self._intake)
        self.http = HttpServer(config, self._intake)
        counters.watch("causely.otlp.pending.bytes", "bytes of requests in flight", lambda: room.used)
        counters.watch("causely.otlp.unpaired", "spans that could not wait", lambda: pipeline.spans.overflowed)
        counters.watch("causely.otlp.entities.refused", "entities beyond the limit", lambda: pipeline.topology.refused)

    async def observe(self) -> AsyncIterator[ObservationBatch]:
        """Serve, and give the values of every flush interval.

        Raises:
            OSError: an endpoint cannot be bound.
        """
        async with self._serving():
            while True:
                await asyncio.sleep(self._flush_interval)
                flushed = await self._intake.flush()
                if flushed.delta:
                    self._deltas.tell(flushed.delta)
                if len(flushed.batch):
                    yield flushed.batch

    def discover(self) -> AsyncIterator[TopologyDelta]:
        """Give the topology as it is, then what changes."""
        return self._deltas.read()

    @asynccontextmanager
    async def _serving(self) -> AsyncIterator[None]:
        await self.grpc.start()
        try:
            self.http.start()
            try:
                self._logger.info("receiving OTLP", grpc_port=self.grpc.port, http_port=self.http.port)
                yield
            finally:
                await self.http.stop()
        finally:
            await self.grpc.stop()
