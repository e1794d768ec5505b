"""A watch on its own: what a plugin sees goes to two listeners."""

from contextlib import asynccontextmanager

import pytest
import structlog
from attrs import define, field
from opentelemetry.metrics import NoOpMeter
from opentelemetry.trace import NoOpTracer

from causely_core.model import SystemClock
from causely_core.plugins import PluginManager
from causely_core.services.watching import Watch, WatchConfig
from causely_core.timeseries.memory import MemoryStore

from ..shop import CART, HIGH, SHOP, WEB, ShopPlugin, running, until

HOT, BUSY = (CART.id, HIGH), (WEB.id, HIGH)


@define
class Listener:
    """Hears all that a watch tells, or refuses to."""

    topology: list = field(factory=list)
    symptoms: list = field(factory=list)
    deaf: bool = False

    async def hear_topology(self, delta):
        self.topology.append(delta)

    async def hear_symptoms(self, delta):
        if self.deaf:
            raise OSError("disk full")
        self.symptoms.append((delta.snapshot, [told.symptom.key for told in delta.manifestations]))


@pytest.fixture
def listener():
    return Listener()


@pytest.fixture
def plugin():
    return ShopPlugin()


@asynccontextmanager
async def watching(folder, listener, plugin):
    clock, logger, meter = SystemClock(), structlog.get_logger(), NoOpMeter("test")
    manager = PluginManager("agent", clock, logger, meter, folder)
    manager.register("p", plugin)
    config = WatchConfig("here", detection_interval=0.02, settle_after=0.02)
    heard = listener.hear_topology, listener.hear_symptoms
    async with running(Watch(config, manager, clock, logger, meter, NoOpTracer(), MemoryStore(), *heard)) as one:
        yield one


async def test_the_first_word_withdraws_what_a_former_life_said(tmp_path, listener, plugin):
    async with watching(tmp_path, listener, plugin):
        assert listener.symptoms == [(True, [])]


async def test_afterwards_only_changes_are_told(tmp_path, listener, plugin):
    async with watching(tmp_path, listener, plugin) as one:
        plugin.discovers(SHOP)
        plugin.observes(50.0)
        await until(lambda: listener.symptoms[1:])
        plugin.observes(50.0, WEB.id)
        await until(lambda: listener.symptoms[2:])
        await until(lambda: len(listener.topology) > 1)
        assert [told.symptom.key for told in one.active().manifestations] == [HOT, BUSY]
    assert listener.symptoms[1:] == [(False, [HOT]), (False, [BUSY])]
    assert listener.topology[0].source == "here/p/told"


async def test_after_a_listener_failed_it_is_told_everything(tmp_path, listener, plugin):
    async with watching(tmp_path, listener, plugin) as one:
        listener.deaf = True
        plugin.observes(50.0)
        await until(lambda: one.judge.active)
        listener.deaf = False
        await until(lambda: listener.symptoms[1:])
        plugin.observes(50.0, WEB.id)
        await until(lambda: listener.symptoms[2:])
    assert listener.symptoms[1:] == [(True, [HOT]), (False, [BUSY])]


async def test_everything_is_told_once_the_watch_has_settled_and_again_when_that_failed(tmp_path, listener, plugin):
    told = []

    async def tell():
        told.append(len(told))
        if len(told) < 3:
            raise OSError("disk full")

    async with watching(tmp_path, listener, plugin) as one:
        one.tasks.spawn(one.settle(tell))
        await until(lambda: len(told) == 3)
        plugin.observes(50.0)
        await until(lambda: listener.symptoms[1:])
        assert one.tasks.not_ready() == ""
    assert told == [0, 1, 2]
