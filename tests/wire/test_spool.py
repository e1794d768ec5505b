"""The spool is a durable, bounded FIFO with growing numbers."""

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from causely_core.wire import WireError
from causely_core.wire.spool import Spool

APPENDER = """
import sys
from pathlib import Path
from causely_core.wire.spool import Spool
spool = Spool(Path(sys.argv[1]))
while True:
    print(spool.append(b"x" * 500), flush=True)
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "spool"


def test_numbers_grow_by_one_and_go_on_after_everything_is_acknowledged(path):
    spool = Spool(path)
    assert [spool.append(b"a"), spool.append(b"b")] == [1, 2]
    assert spool.ack(2) == 2
    spool.close()
    again = Spool(path)
    assert (again.first, again.last, again.size) == (3, 2, 0)
    assert again.append(b"c") == 3
    assert again.epoch == spool.epoch


def test_overflow_drops_what_is_older_and_is_remembered_until_a_snapshot_replaces_it(path):
    spool = Spool(path, max_bytes=10)
    for _ in range(3):
        spool.append(b"1234")
    assert spool.overflowed
    assert [item.sequence for item in spool.read_from(0, 10)] == [3]
    spool.close()
    spool = Spool(path, max_bytes=10)
    assert spool.overflowed
    assert spool.replace(b"a snapshot larger than the limit") == 4
    assert not spool.overflowed
    assert [item.sequence for item in spool.read_from(0, 10)] == [4]


def test_a_renewed_spool_has_another_epoch_and_asks_for_a_snapshot(path):
    spool = Spool(path)
    epoch = spool.epoch
    spool.append(b"a")
    spool.renew()
    assert spool.epoch != epoch
    assert spool.overflowed
    assert spool.append(b"b") == 1


def test_a_file_that_is_no_spool_is_set_aside(path):
    path.write_bytes(b"no database" * 1000)
    spool = Spool(path)
    assert spool.append(b"a") == 1
    assert path.with_name("spool.corrupt").exists()


def test_an_unusable_path_is_one_clear_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(WireError, match="expected a writable path"):
        Spool(tmp_path / "file" / "spool")


def test_everything_whose_append_returned_survives_kill_9(path):
    with subprocess.Popen([sys.executable, "-c", APPENDER, str(path)], stdout=subprocess.PIPE) as child:
        head = [int(child.stdout.readline()) for _ in range(200)]
        os.kill(child.pid, signal.SIGKILL)
        returned = head + [int(line) for line in child.stdout.read().splitlines()]
    spool = Spool(path)
    kept = [item.sequence for item in spool.read_from(0, 10**9)]
    assert kept[: len(returned)] == returned == list(range(1, len(returned) + 1))
    assert len(kept) - len(returned) <= 1
    assert spool.size == 500 * len(kept)


@contextmanager
def full_disk(room):
    """No file of this process may grow beyond ``room`` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("step", ["append", "replace"])
def test_on_a_full_disk_nothing_is_taken_and_nothing_is_lost(path, step):
    spool = Spool(path)
    spool.append(b"kept")
    with full_disk(100_000), pytest.raises(sqlite3.Error):
        getattr(spool, step)(b"x" * 1_000_000)
    assert (spool.read_from(0, 9), spool.size, spool.last, spool.overflowed) == ([(1, b"kept")], 4, 1, False)
    assert getattr(spool, step)(b"later") == 2


def test_threads_may_append_at_once(path):
    spool = Spool(path)
    threads = [threading.Thread(target=lambda: [spool.append(b"x") for _ in range(50)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [item.sequence for item in spool.read_from(0, 999)] == list(range(1, 201))


class SpoolMachine(RuleBasedStateMachine):
    """Compares a spool, closed and opened at any time, with a list."""

    def __init__(self):
        super().__init__()
        import tempfile
        from pathlib import Path

        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "spool"
        self.spool = Spool(self.path, max_bytes=40)
        self.held: list[tuple[int, bytes]] = []
        self.last = 0
        self.overflowed = False

    @rule(payload=st.binary(max_size=15))
    def append(self, payload):
        if self.held and sum(len(p) for _, p in self.held) + len(payload) > 40:
            self.held, self.overflowed = [], True
        self.last += 1
        self.held.append((self.last, payload))
        assert self.spool.append(payload) == self.last

    @rule(payload=st.binary(max_size=15))
    def replace(self, payload):
        self.last += 1
        self.held, self.overflowed = [(self.last, payload)], False
        assert self.spool.replace(payload) == self.last

    @rule(back=st.integers(0, 10))
    def ack(self, back):
        upto = self.last - back
        dropped = sum(number <= upto for number, _ in self.held)
        self.held = self.held[dropped:]
        assert self.spool.ack(upto) == dropped

    @rule()
    def reopen(self):
        self.spool.close()
        self.spool = Spool(self.path, max_bytes=40)

    @invariant()
    def same(self):
        assert self.spool.read_from(0, 99) == self.held
        assert self.spool.last == self.last
        assert self.spool.first == (self.held[0][0] if self.held else self.last + 1)
        assert self.spool.overflowed == self.overflowed
        assert self.spool.size == sum(len(payload) for _, payload in self.held)

    def teardown(self):
        self.spool.close()
        self.folder.cleanup()


TestSpoolMachine = SpoolMachine.TestCase
TestSpoolMachine.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)
