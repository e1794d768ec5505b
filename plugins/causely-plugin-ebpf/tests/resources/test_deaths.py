"""What deaths by signals say of services."""

import signal

import pytest
from causely_plugin_ebpf.resources.deaths import Deaths

from causely_core.host import WINDOW, Cgroup, ContainerInfo, Process, owner_of
from causely_core.model import Entity

NODE = Entity.of("Node", "vm")
ALONE = owner_of(Process(5, 1, 1, "shop"), "shop", NODE, None, None)
INSIDE = owner_of(Process(6, 1, 1, "x", cgroup=Cgroup("c" * 64)), "cart", NODE, None, ContainerInfo("c" * 64, "cart"))
OWNERS = {5: ALONE, 6: INSIDE}
SERVICES = {owner.service: owner for owner in OWNERS.values()}


@pytest.fixture
def after():
    """Counts of services when processes have died by signals, at second 0 or another."""
    deaths = Deaths()

    def told(*died, now=0.0, services=SERVICES):
        deaths.add(died, OWNERS, now)
        return {(id, attribute): count for id, attribute, count in deaths.values(services, now)}

    return told


def test_nothing_has_happened(after):
    assert after() == {
        ("Service:shop", "crash_count"): 0,
        ("Service:shop", "oom_kill_count"): 0,
        ("Service:cart", "crash_count"): 0,
    }


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGSYS])
def test_a_crash(after, number):
    assert after((5, number, False))["Service:shop", "crash_count"] == 1


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_what_others_have_ended_is_no_crash(after, number):
    assert not any(after((5, number, False)).values())


def test_a_kill_for_want_of_memory_is_told_of_what_runs_in_no_container(after):
    assert after((5, signal.SIGKILL, True))["Service:shop", "oom_kill_count"] == 1


def test_a_kill_in_a_container_is_left_to_the_host_plugin(after):
    assert not any(after((6, signal.SIGKILL, True)).values())


def test_deaths_count_for_ten_minutes(after):
    after((5, signal.SIGSEGV, False), (5, signal.SIGSEGV, False))
    assert after((5, signal.SIGSEGV, False), now=300)["Service:shop", "crash_count"] == 3
    assert after(now=WINDOW + 1)["Service:shop", "crash_count"] == 1


def test_a_service_that_is_gone_is_told_of_until_its_deaths_are_forgotten(after):
    after((5, signal.SIGSEGV, False))
    assert after(now=10, services={})["Service:shop", "crash_count"] == 1
    assert after(now=WINDOW + 1, services={})["Service:shop", "crash_count"] == 0
    assert after(now=WINDOW + 2, services={}) == {}


def test_nobody_knows_whose_it_was():
    deaths = Deaths()
    deaths.add([(99, signal.SIGSEGV, False)], OWNERS, 0.0)
    assert deaths.unknown == 1
