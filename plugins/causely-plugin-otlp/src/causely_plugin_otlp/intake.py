"""The intake: what both servers give requests to. One worker thread folds them in the order of arrival."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from attrs import define, field

from causely_plugin_otlp.counters import Counters
from causely_plugin_otlp.pipeline import Flushed, Pipeline
from causely_plugin_otlp.room import Room
from causely_plugin_otlp.signals import Outcome, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

    from causely_core.model import Clock, TopologyDelta

_T = TypeVar("_T")


@define
class Intake:
    """Keeps the event loop free while requests are folded, and the pipeline to a single thread.

    Attributes:
        pipeline: where requests go.
        clock: tells the time of arrival.
        counters: of what came of requests.
        room: bytes in flight.
    """

    pipeline: Pipeline
    clock: Clock
    counters: Counters
    room: Room
    _worker: ThreadPoolExecutor = field(factory=lambda: ThreadPoolExecutor(1, "otlp"), init=False)

    async def take(self, signal: Signal, data: bytes, peer: str = "") -> Outcome:
        """Fold a serialized export request that came from the IP address ``peer``; answers once that is done.

        Raises:
            BadPayload: the bytes are no such request.
            Overloaded: too much is in flight.
        """
        with self.room.held(len(data)):
            outcome = await self._run(lambda: self.pipeline.fold(signal, data, self.clock.now(), peer))
        self.counters.taken(signal, outcome)
        return outcome

    async def flush(self) -> Flushed:
        """What has come together since the last flush."""
        return await self._run(lambda: self.pipeline.flush(self.clock.now()))

    async def snapshot(self) -> TopologyDelta:
        """The whole topology."""
        return await self._run(self.pipeline.topology.snapshot)

    async def _run(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)
