"""What processes tell of their service."""

import os

import pytest
from causely_plugin_host.counters import Counters
from causely_plugin_host.service_values import service_values
from causely_plugin_host.sight import Group

from causely_core.host import HostRoot, Machine

from .trees import PAGE

UNIT = "0::/system.slice/db.service"


def group(machine):
    """All processes of the machine, as if they were of one service."""
    running = machine.processes.running()
    return Group(machine.owners.owner(running[0][0]), running)


def told(machine, counters, now):
    counters.begin(now)
    return dict(service_values(machine.root, [group(machine)], counters))


def test_processor_time_is_that_of_the_busiest_process(tree):
    counters, machine = Counters(), tree.machine
    for now, seconds in ((0, (1, 1)), (10, (3, 6))):
        for pid, used in zip((5, 6), seconds, strict=True):
            tree.process(pid, "/bin/db", seconds=used)
        found = told(machine, counters, now)
    assert found["cpu_usage"] == found["cpu_utilization"] == 0.5


def test_limits_are_those_of_the_unit(tree):
    counters, machine = Counters(), tree.machine
    tree.write("sys/fs/cgroup/system.slice/db.service/cpu.max", "200000 100000")
    tree.write("sys/fs/cgroup/system.slice/db.service/memory.max", 40 * PAGE)
    for now, stopped in ((0, 0), (10, 5)):
        tree.write(
            "sys/fs/cgroup/system.slice/db.service/cpu.stat", f"nr_periods {stopped * 2}", f"nr_throttled {stopped}"
        )
        tree.process(5, "/bin/db", UNIT, seconds=now)
        found = told(machine, counters, now)
    assert (found["cpu_usage"], found["cpu_utilization"]) == (1.0, 0.5)
    assert found["cpu_throttled_share"] == 0.5
    assert found["memory_utilization"] == 0.25


def test_memory_that_processes_share_counts_once(tree):
    tree.process(5, "/bin/db", pages=(110, 100))
    tree.process(6, "/bin/db", pages=(95, 90))
    assert told(tree.machine, Counters(), 0)["memory_usage"] == (10 + 5 + 100) * PAGE


@pytest.mark.parametrize(("soft", "share"), [("4", 0.75), ("unlimited", None)])
def test_open_files(tree, soft, share):
    for pid, files in ((5, 1), (6, 3)):
        tree.process(pid, "/bin/db", threads=4)
        for at in range(files):
            tree.link(f"proc/{pid}/fd/{at}", "/dev/null")
        limits = f"Max open files            {soft}                 1048576              files"
        tree.write(f"proc/{pid}/limits", "Limit  Soft Limit  Hard Limit  Units", limits)
    found = told(tree.machine, Counters(), 0)
    assert found["open_file_descriptors"] == 4
    assert found["thread_count"] == 8
    assert found.get("file_descriptor_utilization") == share


def test_of_several_instances_it_is_the_largest(tree):
    machine = tree.machine
    for pid, pages, most in ((5, 10, 20), (6, 30, 300)):
        tree.process(pid, "/bin/db", f"0::/docker/{pid:064}", pages=(pages, 0))
        tree.write(f"sys/fs/cgroup/docker/{pid:064}/memory.max", most * PAGE)
    instances = [Group(machine.owners.owner(each[0]), [each]) for each in machine.processes.running()]
    found = dict(service_values(tree.root, instances, Counters()))
    assert (found["memory_usage"], found["memory_utilization"]) == (30 * PAGE, 0.5)


def test_a_process_that_has_just_ended_is_no_error(tree):
    tree.process(5, "/bin/db")
    ending = group(tree.machine)
    for name in ("stat", "statm"):
        (tree.folder / f"proc/5/{name}").unlink()
    assert "memory_usage" not in dict(service_values(tree.root, [ending], Counters()))


def test_this_process():
    machine = Machine.of(HostRoot())
    mine = machine.processes.of(os.getpid())
    numbers = next(stat for process, stat in machine.processes.running() if process is mine)
    group = Group(machine.owners.owner(mine), [(mine, numbers)])
    found = dict(service_values(machine.root, [group], Counters()))
    assert found["memory_usage"] > 1 << 24
    assert found["open_file_descriptors"] >= 3
    assert 0 < found["file_descriptor_utilization"] < 1
