"""Kills and restarts of containers."""

import pytest
from causely_plugin_host.counters import Counters
from causely_plugin_host.misfortunes import Misfortunes

from causely_core.host import ContainerInfo


@pytest.fixture
def after():
    """Tells of a container at one time after the other; each reading is what the two sources say."""
    counters = Counters()
    misfortunes = Misfortunes(counters)

    def reading(now, by_group=None, **info):
        counters.begin(now)
        misfortunes.begin(now)
        known = ContainerInfo("id", "main", **info) if info else None
        told = misfortunes.told("Container:x", by_group, known, now)
        return {attribute: value for attribute, value in told if value is not None}

    return reading


def test_what_was_before_the_first_reading_does_not_count(after):
    assert after(0, restarts=3) == {}
    assert after(5, restarts=3) == {"oom_kill_count": 0, "restart_count": 0}


def test_restarts_of_the_last_ten_minutes(after):
    after(0, restarts=3)
    assert after(5, restarts=5)["restart_count"] == 2
    assert after(300, restarts=6)["restart_count"] == 3
    assert after(606, restarts=6)["restart_count"] == 1
    assert after(1000, restarts=6)["restart_count"] == 0


def test_a_pod_of_the_same_name_begins_anew(after):
    after(0, restarts=3)
    assert "restart_count" not in after(5, restarts=0)
    assert after(10, restarts=1)["restart_count"] == 1


def test_kills_by_the_control_group(after):
    assert after(0, 0.0) == {"oom_kill_count": 0}
    assert after(5, 2.0) == {"oom_kill_count": 2}
    assert after(10) == {"oom_kill_count": 2}


def test_a_kill_with_which_the_control_group_ended_is_told_by_the_kubelet(after):
    after(1000, 0.0, killed=400.0)
    assert after(1005, 0.0, killed=400.0)["oom_kill_count"] == 0
    assert after(1010, killed=1008.0)["oom_kill_count"] == 1
    assert after(1015, 0.0, killed=1008.0)["oom_kill_count"] == 1
