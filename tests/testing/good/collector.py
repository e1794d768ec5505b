"""A collector that keeps its contract."""

import asyncio
from tempfile import TemporaryFile

import pytest
from attrs import define, field, frozen

from causely_core.hookspecs import hookimpl
from causely_core.model import ObservationBatch, Series
from causely_core.testing import CollectorContract


@frozen
class Config:
    interval: float = 10.0
    owner: str = "cart"


@define
class Rate:
    context: object
    name: str = "rate"
    seen: list = field(factory=list)

    async def observe(self):
        with TemporaryFile():
            while True:
                now = self.context.clock.now()
                yield ObservationBatch.at(now, [(Series("Service:cart", "request_rate"), 3.0)])
                await asyncio.sleep(10.0)


class Plugin:
    causely_api = 1

    @hookimpl
    def causely_config(self):
        return Config

    @hookimpl
    def causely_collectors(self, context):
        return [Rate(context)]


class TestRate(CollectorContract):
    attributes = ("request_rate",)

    @pytest.fixture
    def plugin(self):
        return Plugin
