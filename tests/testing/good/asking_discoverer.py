"""A discoverer that asks a server, and keeps its contract when that refuses."""

import asyncio

import httpx
import pytest
from attrs import define, frozen

from causely_core.hookspecs import hookimpl
from causely_core.model import Entity, TopologyDelta
from causely_core.testing import DiscovererContract


@frozen
class Config:
    url: str = "http://localhost"


@define
class Queues:
    context: object
    name: str = "queues"

    async def discover(self):
        async with httpx.AsyncClient(base_url=self.context.config.url) as client:
            while True:
                answer = await client.get("/queues")
                if answer.status_code == 429:
                    await asyncio.sleep(min(float(answer.headers["Retry-After"]), 60.0))
                    continue
                answer.raise_for_status()
                queues = tuple(Entity.of("Queue", name) for name in answer.json())
                yield TopologyDelta(self.name, 0, queues, snapshot=True)
                await asyncio.sleep(0.2)


class Plugin:
    causely_api = 1

    @hookimpl
    def causely_config(self):
        return Config

    @hookimpl
    def causely_discoverers(self, context):
        return [Queues(context)]


class TestQueues(DiscovererContract):
    first_within = 3.0

    @pytest.fixture
    def plugin(self):
        return Plugin

    @pytest.fixture
    def section(self, upstream):
        self.queues = ["mail"]
        upstream.answer("/queues", lambda request: self.queues)
        return {"url": upstream.url}

    async def change(self):
        self.queues.append("print")
