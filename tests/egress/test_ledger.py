"""The ledger is append-only, bounded, and readable while it is written."""

import signal
import subprocess
import sys
import threading

import pytest

from causely_core.egress import Crossing, Ledger, read_ledger

KILLED = """
import os, sys
from pathlib import Path
from causely_core.egress import Crossing, Ledger
Ledger(Path(sys.argv[1])).record(Crossing(1.0, "out", "topology", "", 1))
os.kill(os.getpid(), 9)
"""


def crossing(time, **kwargs):
    return Crossing(float(time), "out", "topology", "analyzer:50055", 10, {"Service": 1}, ("service.name",), **kwargs)


@pytest.fixture
def ledger(tmp_path):
    ledger = Ledger(tmp_path)
    yield ledger
    ledger.close()


def test_what_is_recorded_is_read_back(ledger, tmp_path):
    said = crossing(1, redactions={"email": 2}, drops={"label": 3})
    ledger.record(said)
    assert read_ledger(tmp_path) == [said]


def test_last_and_since(ledger, tmp_path):
    for time in range(10):
        ledger.record(crossing(time))
    assert [c.time for c in read_ledger(tmp_path, last=3)] == [7, 8, 9]
    assert [c.time for c in read_ledger(tmp_path, since=8)] == [8, 9]


def test_an_absent_ledger_is_empty(tmp_path):
    assert read_ledger(tmp_path / "nowhere") == []


def test_rotation_bounds_the_files_and_keeps_the_newest(tmp_path):
    ledger = Ledger(tmp_path, max_bytes=1_000, files=3)
    for time in range(100):
        ledger.record(crossing(time))
    files = list(tmp_path.glob("egress.jsonl*"))
    assert len(files) == 3
    assert all(file.stat().st_size <= 1_000 for file in files)
    times = [c.time for c in read_ledger(tmp_path)]
    assert times == list(range(100 - len(times), 100))


def test_half_a_line_is_skipped_and_not_glued_to_the_next(tmp_path):
    (tmp_path / "egress.jsonl").write_text('{"time": 1, "dir')
    ledger = Ledger(tmp_path)
    ledger.record(crossing(2))
    assert read_ledger(tmp_path) == [crossing(2)]


def test_lines_are_kept_over_a_restart_and_on_a_kill(tmp_path):
    child = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    assert child.returncode == -signal.SIGKILL
    Ledger(tmp_path).record(crossing(2))
    assert [c.time for c in read_ledger(tmp_path)] == [1, 2]


def test_reading_while_it_rotates_shows_no_line_twice_and_none_out_of_order(tmp_path):
    ledger = Ledger(tmp_path, max_bytes=20_000, files=4)
    writer = threading.Thread(target=lambda: [ledger.record(crossing(time)) for time in range(4_000)])
    writer.start()
    while writer.is_alive():
        times = [c.time for c in read_ledger(tmp_path)]
        assert times == sorted(set(times))
    writer.join()
    assert read_ledger(tmp_path)[-1].time == 3_999
