"""The plugin as a service loads it: its folders become queues, and files that wait a symptom."""

import os
from contextlib import aclosing

import numpy as np
import pytest
import structlog
from causely_plugin_example import ExamplePlugin
from causely_plugin_example.folder import OLDEST
from opentelemetry.metrics import NoOpMeter

from causely_core.model import AttributeWindow, ManualClock, Series, Window
from causely_core.plugins import PluginManager

NOW = 1_700_000_000.0


@pytest.fixture
def ask(tmp_path):
    """Asks a hook of the plugin, configured with ``section``, for what it brings."""
    outbox = tmp_path / "outbox"
    outbox.mkdir()

    async def ask(hook, clock, **section):
        section = {"folders": [str(outbox)], **section}
        manager = PluginManager(
            "mediator", clock, structlog.get_logger(), NoOpMeter("t"), tmp_path / "data", {"example": section}
        )
        manager.register("example", ExamplePlugin)
        [(_, found)] = await manager.call(hook)
        return found

    ask.outbox = outbox
    return ask


def put(folder, name, time):
    (folder / name).touch()
    os.utime(folder / name, (time, time))


async def test_files_that_wait_are_counted_and_the_oldest_is_timed(ask):
    put(ask.outbox, "a", NOW - 5.0)
    put(ask.outbox, "b", NOW - 90.0)
    collector = await ask("causely_collectors", ManualClock(NOW))
    async with aclosing(collector.observe()) as stream:
        batch = await anext(stream)
    assert {row.series.attribute: row.value for row in batch} == {"backlog": 2.0, "example.oldest_file_age": 90.0}


async def test_an_empty_folder_has_nothing_that_waits(ask):
    collector = await ask("causely_collectors", ManualClock(NOW))
    async with aclosing(collector.observe()) as stream:
        batch = await anext(stream)
    assert [row.value for row in batch] == [0.0, 0.0]


async def test_each_folder_is_a_queue(ask):
    discoverer = await ask("causely_discoverers", ManualClock(NOW))
    async with aclosing(discoverer.discover()) as stream:
        delta = await anext(stream)
    assert delta.snapshot
    assert [(entity.type, entity.name) for entity in delta.entities] == [("Queue", "outbox")]


async def test_a_symptom_lasts_as_long_as_a_file_waits_too_long(ask):
    detector = await ask("causely_symptom_detectors", ManualClock(NOW), stale_after=60)
    assert list(detector.detect(window(NOW, 59.0))) == []
    [begun] = detector.detect(window(NOW + 2.0, 61.0))
    assert (begun.name, begun.active, begun.onset) == ("OldestFile_Stale", True, NOW + 2.0)
    [lasting] = detector.detect(window(NOW + 4.0, 120.0, begun))
    assert (lasting.active, lasting.onset, lasting.severity) == (True, NOW + 2.0, 0.5)
    [over] = detector.detect(window(NOW + 6.0, 0.0, lasting))
    assert (over.active, over.severity) == (False, 0.0)


async def test_without_values_nothing_is_judged(ask):
    detector = await ask("causely_symptom_detectors", ManualClock(NOW))
    assert list(detector.detect(Window(NOW, {}))) == []


def window(now, age, *active):
    seen = AttributeWindow((Series("Queue:folder:/outbox", OLDEST),), np.array([[now]]), np.array([[age]]))
    return Window(now, {OLDEST: seen}, {symptom.key: symptom for symptom in active})
