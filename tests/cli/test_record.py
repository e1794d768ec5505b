"""``causely record`` from a running analyzer and a real VictoriaMetrics."""

import asyncio
import json
import os
import shutil
import time

import httpx
import numpy as np
import pytest

from causely_core.cli.duration import duration
from causely_core.incidents.reading import read_incident
from causely_core.model import Observation, ObservationBatch, Series, SymptomKey
from causely_core.services.demo.process import child
from causely_core.services.demo.stack import free_ports
from causely_core.timeseries import VictoriaMetricsStore

from .conftest import wait_for
from .told import CALL, CART, ITEM, WEB

BINARY = "victoria-metrics"
NOW = float(int(time.time()))
TIMES = np.arange(NOW - 1_200.0, NOW, 10.0)
ERRORS = Series(CART.id, "error_rate")
DURATIONS = Series(WEB.id, "request_duration.p95")
GONE = Series("Service:gone", "error_rate")
SEEN_BY_WEB = Series(CART.id, "error_rate", WEB.id)


@pytest.fixture(scope="module")
def series(tmp_path_factory):
    """The URL of a VictoriaMetrics that holds 20 minutes of four series."""
    if shutil.which(BINARY) is None:
        pytest.skip(f"no {BINARY} on this machine; the Debian package {BINARY} has it")
    folder = tmp_path_factory.mktemp("series")
    (address,) = free_ports(1)
    command = [BINARY, f"-httpListenAddr={address}", f"-storageDataPath={folder / 'data'}", "-loggerLevel=ERROR"]
    with child(command, folder / "log", {}):
        url = f"http://{address}"
        wait_for(lambda: answers(f"{url}/health"))
        asyncio.run(fill(url))
        httpx.get(f"{url}/internal/force_flush").raise_for_status()
        yield url


def answers(url):
    try:
        return httpx.get(url).is_success
    except httpx.TransportError:
        return False


async def fill(url):
    store = VictoriaMetricsStore(url)
    for each in (ERRORS, DURATIONS, GONE, SEEN_BY_WEB):
        await store.write(ObservationBatch.of(Observation(each, at, 0.25) for at in TIMES))
    await store.aclose()
    assert store.stats.written == 4 * len(TIMES)


@pytest.fixture
def record(causely, running, series, tmp_path):
    def record(*arguments):
        return causely("record", *running.api, "--series", series, tmp_path / "out", *arguments)

    return record


def test_a_live_system_becomes_an_incident(record, tmp_path):
    done = record("--last", "5m", "--reported", WEB.id, "RequestLatency_High")
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith(f"{tmp_path / 'out'}: 3 entities, 1 relations, 2 series, 240 samples\nwindow: ")
    found = read_incident(tmp_path / "out")
    assert {entity.id: entity for entity in found.entities} == {one.id: one for one in (CART, WEB, ITEM)}
    assert [(one, dict(one.attributes)) for one in found.relations] == [(CALL, dict(CALL.attributes))]
    assert [track.series for track in found.tracks] == [ERRORS, DURATIONS]
    for track in found.tracks:
        np.testing.assert_array_equal(track.times, TIMES)
    assert found.reported == SymptomKey(WEB.id, "RequestLatency_High")


def test_the_window_ends_now_and_the_baseline_is_what_there_is_before(record, tmp_path):
    before = time.time()
    assert record("--last", "5m").status == 0
    found = read_incident(tmp_path / "out")
    assert before - 1.0 <= found.window.end <= time.time()
    assert found.window.end - found.window.start == 300.0
    assert (found.baseline.start, found.baseline.end) == (TIMES[0], found.window.start - 0.001)


def test_a_shorter_baseline_can_be_asked_for(record, tmp_path):
    assert record("--last", "5m", "--baseline", "100s").status == 0
    found = read_incident(tmp_path / "out")
    assert found.tracks[0].times[0] >= found.baseline.start
    assert 90.0 <= found.baseline.end - found.baseline.start <= 100.0


def test_nothing_before_the_window_is_told(record):
    done = record("--last", "1h")
    assert done.status == 0
    assert done.err == "causely: nothing was measured before the window, so nothing tells what is normal\n"


def test_with_pseudonyms_no_name_is_in_the_folder(record, tmp_path):
    done = record("--last", "5m", "--pseudonyms", "--reported", WEB.id, "RequestLatency_High")
    assert done.status == 0
    assert done.out.endswith(f"who is who: {tmp_path / 'out.names.json'}\n")
    found = read_incident(tmp_path / "out")
    ids = ["Operation:operation-1", "Service:service-1", "Service:service-2"]
    assert [entity.id for entity in found.entities] == ids
    assert [track.series.entity for track in found.tracks] == ids[1:]
    assert found.reported == SymptomKey("Service:service-2", "RequestLatency_High")
    names = json.loads((tmp_path / "out.names.json").read_text())
    assert names == dict(zip(ids, (ITEM.id, CART.id, WEB.id), strict=True))
    for name in ("incident.json", "topology.json"):
        assert not any(word in (tmp_path / "out" / name).read_text() for word in ("cart", "web", "items"))


def test_an_unknown_entity_cannot_have_been_reported(record, tmp_path):
    done = record("--reported", "Service:nobody", "RequestLatency_High")
    assert done.status == os.EX_USAGE
    assert done.err == (
        "causely: Invalid value for '--reported': "
        "no entity has the id 'Service:nobody'; `causely get entities` lists them\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_refused(record, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes").touch()
    done = record()
    assert done.status == os.EX_CANTCREAT
    assert done.err == f"causely: {tmp_path / 'out'}: is not empty; name a folder that is empty or not there yet\n"


def test_no_victoria_metrics_is_one_line_and_leaves_nothing(causely, running, tmp_path):
    (free,) = free_ports(1)
    done = causely("record", *running.api, "--series", f"http://{free}", tmp_path / "out")
    assert done.status == os.EX_UNAVAILABLE
    assert done.err.startswith(f"causely: VictoriaMetrics at http://{free}: ConnectError: ")
    assert done.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_no_analyzer_is_one_line(causely, tmp_path):
    (free,) = free_ports(1)
    done = causely("record", "--api", f"http://{free}", tmp_path / "out")
    assert done.status == os.EX_UNAVAILABLE
    assert done.err.startswith(f"causely: no analyzer answers at http://{free} (")


def test_the_help_says_where_raw_telemetry_goes(causely):
    help = " ".join(causely("record", "--help").out.split())
    assert "Raw telemetry stays local" in help
    assert "[default: http://127.0.0.1:8428]" in help


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90.0), ("30m", 1_800.0), ("2h", 7_200.0), ("7d", 604_800.0), (" 1.5h ", 5_400.0)]
)
def test_durations(text, seconds):
    assert duration(text) == seconds


@pytest.mark.parametrize("text", ["30", "m", "", "-5m", "0s", "0.5s", "367d", "5 m", "1h30m", "30M", "٣m", "1e3s"])
def test_what_is_no_duration_is_one_line(causely, tmp_path, text):
    done = causely("record", f"--last={text}", tmp_path / "out")
    assert done.status == os.EX_USAGE
    assert done.err == (
        f"causely: Invalid value for '--last': {text!r} is no duration from 1s to 366d; "
        "expected one like 90s, 30m, 2h or 7d\n"
    )
