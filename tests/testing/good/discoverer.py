"""A discoverer that keeps its contract."""

import asyncio

import pytest
from attrs import define

from causely_core.hookspecs import hookimpl
from causely_core.model import Entity, Relation, TopologyDelta
from causely_core.testing import DiscovererContract

EXISTING = {"web": Entity.of("Service", "web"), "cart": Entity.of("Service", "cart")}
CALL = Relation("Service:web", "calls", "Service:cart")


@define
class Services:
    name: str = "services"

    async def discover(self):
        known = dict(EXISTING)
        yield TopologyDelta(self.name, 0, tuple(known.values()), (CALL,), snapshot=True)
        while True:
            await asyncio.sleep(0.01)
            gone = tuple(each.id for name, each in known.items() if name not in EXISTING)
            new = tuple(each for name, each in EXISTING.items() if name not in known)
            known = dict(EXISTING)
            if new or gone:
                yield TopologyDelta(self.name, 0, new, deleted_entities=gone)


class Plugin:
    causely_api = 1

    @hookimpl
    def causely_discoverers(self, context):
        return [Services()]


class TestServices(DiscovererContract):
    settled_within = 1.0

    @pytest.fixture
    def plugin(self):
        yield Plugin
        EXISTING.pop("bank", None)

    async def change(self):
        EXISTING["bank"] = Entity.of("Service", "bank")
