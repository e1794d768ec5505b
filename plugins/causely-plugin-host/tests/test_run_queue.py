"""Time that threads wait for a processor."""

import os
import subprocess
import sys
import time

import pytest
from causely_plugin_host.counters import Counters
from causely_plugin_host.run_queue import waiting_share

from causely_core.host import HostRoot

SECOND = 1_000_000_000


@pytest.fixture
def after(tree):
    """Tells of a process when its threads have waited for so many seconds, at one time after the other."""
    counters = Counters()

    def told(now, **waited):
        counters.begin(now)
        for thread, seconds in waited.items():
            tree.write(f"proc/5/task/{thread[1:]}/schedstat", f"1 {int(seconds * SECOND)} 3")
        return waiting_share(tree.root, [5], counters)

    return told


def test_a_thread_that_waits_for_a_quarter_of_the_time(after):
    assert after(0, t50=7) is None
    assert after(4, t50=8) == 0.25


def test_threads_wait_independently_of_each_other(after):
    after(0, t50=7, t51=0)
    assert after(4, t50=9, t51=2) == 0.75


def test_nobody_waits_for_longer_than_there_was_time(after):
    after(0, t50=7)
    assert after(1, t50=9) == 1.0


def test_a_thread_that_has_just_begun_tells_nothing_yet(after):
    after(0, t50=7)
    assert after(4, t50=7, t51=3) == 0.0


@pytest.mark.parametrize("content", ["", "nonsense", "1 x 3"])
def test_a_kernel_that_does_not_tell(tree, content):
    tree.write("proc/5/task/50/schedstat", content)
    counters = Counters()
    for now in (0, 5):
        counters.begin(now)
        assert waiting_share(tree.root, [5, 6], counters) is None


def test_processes_that_share_one_processor_wait_for_it():
    counters, root = Counters(), HostRoot()
    here = {min(os.sched_getaffinity(0))}
    command = [sys.executable, "-c", "while True: pass"]
    programs = [subprocess.Popen(command, preexec_fn=lambda: os.sched_setaffinity(0, here)) for _ in range(3)]
    try:
        deadline, share = time.monotonic() + 30, 0.0
        while share < 0.4:
            assert time.monotonic() < deadline, f"found {share}"
            counters.begin(time.monotonic())
            share = waiting_share(root, [programs[0].pid], counters) or 0.0
            time.sleep(0.2)
    finally:
        for program in programs:
            program.kill()
            program.wait()
