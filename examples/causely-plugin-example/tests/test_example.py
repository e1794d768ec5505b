"""The plugin keeps the contracts of its hooks: folders become queues, and files that wait a symptom."""

import os
from contextlib import aclosing

import pytest
from causely_plugin_example import ExamplePlugin
from causely_plugin_example.collector import FolderCollector
from causely_plugin_example.detector import STALE, StaleDetector
from causely_plugin_example.discoverer import FolderDiscoverer
from causely_plugin_example.folder import OLDEST

from causely_core.testing import CollectorContract, DetectorContract, DiscovererContract, window_of

NOW = 1_700_000_000.0
QUEUE = "Queue:folder:/outbox"


@pytest.fixture
def plugin():
    return ExamplePlugin


@pytest.fixture
def outbox(tmp_path):
    folder = tmp_path / "outbox"
    folder.mkdir()
    return folder


@pytest.fixture
def section(outbox):
    return {"folders": [str(outbox)], "stale_after": 60}


class TestCollector(CollectorContract):
    attributes = (OLDEST,)


class TestDiscoverer(DiscovererContract):
    """The folders are those of the configuration: nothing changes."""


class TestDetector(DetectorContract):
    @pytest.fixture
    def windows(self):
        """Fresh files, stale ones, and none."""
        return [window_of(NOW, {OLDEST: {QUEUE: [age]}} if age is not None else {}) for age in (0.0, 900.0, None)]


def put(folder, name, time):
    (folder / name).touch()
    os.utime(folder / name, (time, time))


async def first(stream):
    async with aclosing(stream):
        return await anext(stream)


async def test_files_that_wait_are_counted_and_the_oldest_is_timed(context, outbox):
    put(outbox, "a", NOW - 5.0)
    put(outbox, "b", NOW - 90.0)
    batch = await first(FolderCollector(context).observe())
    assert {row.series.attribute: row.value for row in batch} == {"backlog": 2.0, OLDEST: 90.0}


async def test_an_empty_folder_has_nothing_that_waits(context):
    batch = await first(FolderCollector(context).observe())
    assert [row.value for row in batch] == [0.0, 0.0]


async def test_each_folder_is_a_queue(context):
    delta = await first(FolderDiscoverer(context).discover())
    assert [(entity.type, entity.name) for entity in delta.entities] == [("Queue", "outbox")]


def test_a_symptom_lasts_as_long_as_a_file_waits_too_long():
    detector = StaleDetector(60.0)
    assert list(detector.detect(window_of(NOW, {OLDEST: {QUEUE: [59.0]}}))) == []
    [begun] = detector.detect(window_of(NOW + 2.0, {OLDEST: {QUEUE: [61.0]}}))
    assert (begun.name, begun.active, begun.onset) == (STALE, True, NOW + 2.0)
    [lasting] = detector.detect(window_of(NOW + 4.0, {OLDEST: {QUEUE: [120.0]}}, active=[begun]))
    assert (lasting.active, lasting.onset, lasting.severity) == (True, NOW + 2.0, 0.5)
    [over] = detector.detect(window_of(NOW + 6.0, {OLDEST: {QUEUE: [0.0]}}, active=[lasting]))
    assert (over.active, over.severity) == (False, 0.0)


async def test_a_stale_file_is_a_symptom_in_a_running_causely(causely, outbox):
    put(outbox, "a", NOW - 900.0)
    found = await causely.seen(STALE, f"Queue:folder:{outbox}")
    assert found["value"] >= 900.0
