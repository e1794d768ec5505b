"""A plugin through which a test tells a mediator what there is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Generic, TypeVar

from attrs import define, field

from causely_core.hookspecs import API_VERSION, Collector, Discoverer, HookContext, hookimpl
from causely_core.model import ObservationBatch, TopologyDelta

T = TypeVar("T")


@define(eq=False)
class Told(Generic[T]):
    """A stream of what a test puts in.

    Attributes:
        first: yielded at every start, where there is one.
    """

    first: T | None = None
    name: str = "told"
    items: asyncio.Queue[T] = field(factory=asyncio.Queue)

    async def _stream(self) -> AsyncIterator[T]:
        if self.first is not None:
            yield self.first
        while True:
            yield await self.items.get()

    def observe(self) -> AsyncIterator[T]:
        """As a collector."""
        return self._stream()

    def discover(self) -> AsyncIterator[T]:
        """As a discoverer."""
        return self._stream()


def _nothing() -> Told[TopologyDelta]:
    return Told(TopologyDelta("", 0, snapshot=True))


@define(eq=False)
class Feed:
    """The plugin."""

    causely_api = API_VERSION
    causely_shares_loop = True
    observations: Told[ObservationBatch] = field(factory=Told)
    deltas: Told[TopologyDelta] = field(factory=_nothing)

    @hookimpl
    def causely_collectors(self, context: HookContext) -> Iterable[Collector]:
        """What the test observes."""
        return [self.observations]

    @hookimpl
    def causely_discoverers(self, context: HookContext) -> Iterable[Discoverer]:
        """What the test discovers."""
        return [self.deltas]
