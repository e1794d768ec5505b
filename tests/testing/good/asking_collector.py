"""A collector that asks a server, and keeps its contract when that refuses."""

import asyncio

import httpx
import pytest
from attrs import define, frozen

from causely_core.hookspecs import hookimpl
from causely_core.model import ObservationBatch, Series
from causely_core.testing import CollectorContract


@frozen
class Config:
    url: str = "http://localhost"


@define
class Mail:
    context: object
    name: str = "mail"

    async def observe(self):
        async with httpx.AsyncClient(base_url=self.context.config.url) as client:
            while True:
                answer = await client.get("/stats")
                if answer.status_code == 429:
                    await asyncio.sleep(min(float(answer.headers["Retry-After"]), 60.0))
                    continue
                answer.raise_for_status()
                now, waiting = self.context.clock.now(), float(answer.json()["waiting"])
                yield ObservationBatch.at(now, [(Series("Queue:mail", "backlog"), waiting)])
                await asyncio.sleep(0.7)


class Plugin:
    causely_api = 1

    @hookimpl
    def causely_config(self):
        return Config

    @hookimpl
    def causely_collectors(self, context):
        return [Mail(context)]


class TestMail(CollectorContract):
    first_within = 3.0

    @pytest.fixture
    def plugin(self):
        return Plugin

    @pytest.fixture
    def section(self, upstream):
        upstream.answer("/stats", {"waiting": 3})
        return {"url": upstream.url}
