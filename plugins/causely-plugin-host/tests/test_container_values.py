"""What control groups tell of containers, in both versions."""

import pytest
from causely_plugin_host.container_values import container_values, kills
from causely_plugin_host.counters import Counters
from causely_plugin_host.groups import GroupFiles
from causely_plugin_host.misfortunes import Misfortunes

from causely_core.host import parse_cgroup

from .trees import ID

MIB = 1 << 20


def version_2(tree, cpu=0.0, stopped=0, periods=0, killed=0, faults=0, waited=0.0, limit="max"):
    folder = f"sys/fs/cgroup/docker/{ID}"
    tree.write(f"{folder}/cpu.stat", f"usage_usec {cpu * 1e6:.0f}", f"nr_periods {periods}", f"nr_throttled {stopped}")
    tree.write(f"{folder}/cpu.max", f"{limit} 100000")
    tree.write(f"{folder}/cpu.pressure", f"some avg10=0.00 avg60=0.00 avg300=0.00 total={waited * 1e6:.0f}")
    tree.write(f"{folder}/memory.pressure", f"some avg10=0.00 avg60=0.00 avg300=0.00 total={waited * 2e6:.0f}")
    tree.write(f"{folder}/memory.current", 100 * MIB)
    tree.write(f"{folder}/memory.max", 120 * MIB if limit != "max" else "max")
    tree.write(f"{folder}/memory.stat", "anon 1", f"inactive_file {40 * MIB}", f"pgmajfault {faults}")
    tree.write(f"{folder}/memory.events", "oom 9", f"oom_kill {killed}")
    tree.write(f"{folder}/pids.current", 12)
    return f"0::/docker/{ID}"


def version_1(tree, cpu=0.0, stopped=0, periods=0, killed=0, faults=0, waited=0.0, limit="max"):
    def write(controller, name, *lines):
        tree.write(f"sys/fs/cgroup/{controller}/docker/{ID}/{name}", *lines)

    write("cpuacct", "cpuacct.usage", f"{cpu * 1e9:.0f}")
    write("cpu", "cpu.stat", f"nr_periods {periods}", f"nr_throttled {stopped}", "throttled_time 5")
    write("cpu", "cpu.cfs_quota_us", -1 if limit == "max" else limit)
    write("cpu", "cpu.cfs_period_us", 100000)
    write("memory", "memory.usage_in_bytes", 100 * MIB)
    write("memory", "memory.limit_in_bytes", 9223372036854771712 if limit == "max" else 120 * MIB)
    write("memory", "memory.stat", "inactive_file 1", f"total_inactive_file {40 * MIB}", f"total_pgmajfault {faults}")
    write("memory", "memory.oom_control", "oom_kill_disable 0", "under_oom 0", f"oom_kill {killed}")
    write("pids", "pids.current", 12)
    return "\n".join(f"{at}:{name}:/docker/{ID}" for at, name in enumerate(("cpu,cpuacct", "memory", "pids"), 1))


VERSIONS = pytest.mark.parametrize("version", [version_1, version_2])
PRESSURE = {"cpu_pressure", "memory_pressure"}


def between(tree, version, before, after, seconds=10):
    """What is known at the second of two readings."""
    counters = Counters()
    misfortunes = Misfortunes(counters)
    for now, state in ((0, before), (seconds, after)):
        files = GroupFiles(tree.root, parse_cgroup(version(tree, **state).encode()))
        counters.begin(now)
        told = dict(container_values(ID, files, 0.1, counters))
        told |= misfortunes.told("Container:x", kills(ID, files, counters), None, now)
    return {attribute: value for attribute, value in told.items() if value is not None}


@VERSIONS
def test_by_limits(tree, version):
    found = between(
        tree,
        version,
        {"limit": 200000},
        {"limit": 200000, "cpu": 5, "stopped": 20, "periods": 100, "killed": 1, "faults": 30, "waited": 1},
    )
    pressure = {attribute: found.pop(attribute) for attribute in PRESSURE & found.keys()}
    assert found == {
        "cpu_usage": 0.5,
        "cpu_utilization": 0.25,
        "cpu_request_utilization": 5.0,
        "cpu_throttled_share": 0.2,
        "memory_usage": 60 * MIB,
        "memory_utilization": 0.5,
        "major_page_fault_rate": 3.0,
        "thread_count": 12,
        "oom_kill_count": 1,
    }
    assert pressure == ({} if version is version_1 else {"cpu_pressure": 0.1, "memory_pressure": 0.2})


@VERSIONS
def test_without_limits_it_is_by_one_core_and_of_no_memory(tree, version):
    found = between(tree, version, {}, {"cpu": 5})
    assert found["cpu_utilization"] == found["cpu_usage"] == 0.5
    assert not {"memory_utilization", "cpu_throttled_share"} & found.keys()


@VERSIONS
def test_one_that_was_started_anew_tells_no_rates(tree, version):
    found = between(tree, version, {"cpu": 50, "faults": 9}, {"cpu": 1, "faults": 0})
    assert not {"cpu_usage", "cpu_utilization", "major_page_fault_rate"} & found.keys()


def test_a_kernel_that_tells_nothing_is_no_error(tree):
    files = GroupFiles(tree.root, parse_cgroup(b"0::/docker/x"))
    assert {value for _, value in container_values(ID, files, 0.0, Counters())} == {None}


def test_the_group_of_all_is_nobodys(tree):
    tree.write("sys/fs/cgroup/memory.current", 7)
    files = GroupFiles(tree.root, parse_cgroup(b"0::/"))
    assert {value for _, value in container_values(ID, files, 0.0, Counters())} == {None}
