"""The contract of discoverers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from typing import Any, ClassVar

import pytest
from attrs import evolve

from causely_core.hookspecs import Discoverer
from causely_core.model import Topology, TopologyDelta, entity_type
from causely_core.testing.asking import Contexts
from causely_core.testing.contracts.crossing import check_delta
from causely_core.testing.contracts.stream import StreamContract
from causely_core.testing.contracts.streams import first, opened
from causely_core.testing.contracts.topologies import difference
from causely_core.testing.fix import fix, require
from causely_core.testing.words import ENTITY_TYPES, RELATION_TYPES, require_known


class DiscovererContract(StreamContract):
    """Inherit it in a test class, and give it a fixture ``plugin``.

    Where the plugin brings several discoverers, give a fixture ``discoverer`` too, made with ``context``. Override
    :meth:`change` to test deltas. Where it asks a server, let that be the fixture ``upstream``, whose URL ``section``
    is given: the plugin is then seen as well while the server refuses.

    Attributes:
        types: the entity types that are the plugin's own.
        relations: the relation types that are the plugin's own.
        addresses: whether ids and names may hold IP addresses.
        first_within: seconds within which the first snapshot comes.
        settled_within: seconds after a change within which the deltas have told it.
    """

    hook = "causely_discoverers"
    thing = "discoverer"
    types: ClassVar[tuple[str, ...]] = ()
    relations: ClassVar[tuple[str, ...]] = ()
    addresses: ClassVar[bool] = False
    settled_within: ClassVar[float] = 20.0

    @pytest.fixture
    def discoverer(self, one: Any) -> Discoverer:
        """The discoverer that is tested."""
        discoverer: Discoverer = one
        return discoverer

    @pytest.fixture
    def open_stream(self, discoverer: Discoverer) -> Callable[[], Any]:
        """Begins to discover."""
        return discoverer.discover

    async def change(self) -> None:
        """Change what there is to discover: called once after the first snapshot. Nothing changes by default."""

    @pytest.mark.asyncio
    async def test_the_first_delta_is_a_snapshot(self, discoverer: Discoverer) -> None:
        """At every start: whoever reads it may have lost all that was told before."""
        for _ in range(2):
            await self._snapshot(discoverer)

    @pytest.mark.asyncio
    async def test_words_are_known(self, discoverer: Discoverer) -> None:
        """Types of entities and relations are the core's or declared; ids begin with the type."""
        delta = await self._snapshot(discoverer)
        for entity in delta.entities:
            require_known(entity.type, {*ENTITY_TYPES, *self.types}, "entity type", "types")
            require(
                entity_type(entity.id) == entity.type and entity.id != f"{entity.type}:",
                f"the id {entity.id!r} is not {entity.type}:<key>",
                "make entities with Entity.of, with a key that is not empty",
            )
        for relation in delta.relations:
            require_known(relation.type, {*RELATION_TYPES, *self.relations}, "relation type", "relations")

    @pytest.mark.asyncio
    async def test_nothing_personal_crosses(self, discoverer: Discoverer) -> None:
        """No e-mail addresses, IP addresses or secrets in what the egress gate lets through."""
        check_delta(await self._snapshot(discoverer), self.addresses)

    @pytest.mark.asyncio
    async def test_deltas_add_up_to_a_snapshot(self, discoverer: Discoverer, contexts: Contexts) -> None:
        """After :meth:`change`, all deltas together say what a fresh snapshot says."""
        merged = Topology()
        async with opened(discoverer.discover) as stream:
            merged.apply(evolve(await first(stream, self.first_within), source="tested", version=0))
            await self.change()
            left = await self._follow(stream, merged, discoverer.name, contexts)
        require(
            not left,
            f"after a change, deltas and a fresh snapshot differ: {left}",
            "tell every upsert and every delete",
        )

    async def _snapshot(self, discoverer: Discoverer) -> TopologyDelta:
        async with opened(discoverer.discover) as stream:
            delta = await first(stream, self.first_within)
        if not isinstance(delta, TopologyDelta):
            fix(f"the stream yields a {type(delta).__name__}", "yield TopologyDelta")
        require(
            delta.snapshot,
            "the first delta of a stream is no snapshot",
            "yield TopologyDelta(..., snapshot=True) first",
        )
        return delta

    async def _follow(
        self, stream: AsyncGenerator[TopologyDelta, None], merged: Topology, name: str, contexts: Contexts
    ) -> str:
        """Apply deltas until they say what a fresh discoverer does; what differs when the time is over."""
        deadline, version = time.monotonic() + self.settled_within, 0
        coming = asyncio.ensure_future(anext(stream))
        try:
            while (left := difference(merged, await self._fresh(name, contexts))) and time.monotonic() < deadline:
                await asyncio.wait({coming}, timeout=0.05)
                if coming.done():
                    version += 1
                    merged.apply(evolve(coming.result(), source="tested", version=version))
                    coming = asyncio.ensure_future(anext(stream))
            return left
        finally:
            coming.cancel()
            with suppress(asyncio.CancelledError, StopAsyncIteration):
                await coming

    async def _fresh(self, name: str, contexts: Contexts) -> Topology:
        found = [each for each in await contexts.items(self.hook) if each.name == name]
        topology = Topology()
        topology.apply(evolve(await self._snapshot(found[0]), source="tested", version=0))
        return topology
