"""Shares of the time that threads wait for locks."""

import numpy as np
import pytest
from causely_plugin_ebpf.resources.locks import Locks
from causely_plugin_ebpf.resources.tables import WAITER

SECOND = 1_000_000_000


def waiters(*rows):
    """Rows of process, thread, nanoseconds waited, and since when it waits."""
    return np.array([(since, waited, 0, 0, tgid, tid) for tgid, tid, waited, since in rows], WAITER)


@pytest.fixture
def locks():
    """Locks of which nothing was known at 10 s but a thread that had waited for a second."""
    found = Locks()
    assert found.shares(waiters((7, 70, SECOND, 0)), 10 * SECOND) == {}
    return found


def test_a_thread_that_has_waited_half_of_the_time(locks):
    assert locks.shares(waiters((7, 70, 2 * SECOND, 0)), 12 * SECOND) == {7: 0.5}


def test_a_thread_that_still_waits(locks):
    assert locks.shares(waiters((7, 70, SECOND, 11 * SECOND)), 12 * SECOND) == {7: 0.5}
    assert locks.shares(waiters((7, 70, 3 * SECOND, 0)), 14 * SECOND) == {7: 0.5}


def test_threads_that_have_not_waited_do_not_count(locks):
    shares = locks.shares(waiters((7, 70, SECOND, 0), (7, 71, SECOND, 0), (8, 80, SECOND // 2, 0)), 12 * SECOND)
    assert shares == {7: 0.5, 8: 0.25}


def test_a_process_that_does_not_wait_any_more(locks):
    assert locks.shares(waiters((7, 70, SECOND, 0)), 12 * SECOND) == {7: 0.0}


def test_nobody_waits_for_longer_than_there_was_time(locks):
    assert locks.shares(waiters((8, 80, 0, SECOND)), 12 * SECOND) == {8: 1.0}


def test_the_same_moment_tells_nothing(locks):
    assert locks.shares(waiters((7, 70, SECOND, 0)), 10 * SECOND) == {}
