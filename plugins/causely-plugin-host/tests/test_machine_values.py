"""What is told of the machine as a whole."""

import pytest
from causely_plugin_host.counters import Counters
from causely_plugin_host.machine_values import machine_values

from causely_core.host import HostRoot


def known(root, counters, now):
    counters.begin(now)
    return {attribute: value for attribute, value in machine_values(root, counters) if value is not None}


def test_levels_are_told_at_once(tree):
    tree.machine_files()
    assert known(tree.root, Counters(), 0) == {
        "memory_usage": 750 * 1024,
        "memory_utilization": 0.75,
        "open_file_descriptors": 1234,
        "thread_count": 80,
        "pid_utilization": 0.5,
    }


def test_rates_are_told_from_the_second_reading_on(tree):
    counters = Counters()
    tree.machine_files(busy=100, faults=5)
    tree.write("proc/pressure/memory", "some avg10=0.00 total=1000000", "full avg10=0.00 total=9")
    known(tree.root, counters, 0)
    tree.machine_files(busy=400, faults=25)
    tree.write("proc/pressure/memory", "some avg10=0.00 total=2000000", "full avg10=0.00 total=9")
    found = known(tree.root, counters, 10)
    assert found["cpu_utilization"] == 1.0
    assert found["major_page_fault_rate"] == 2.0
    assert found["memory_pressure"] == 0.1


def test_waiting_for_a_disk_is_not_use_of_a_processor(tree):
    counters = Counters()
    tree.machine_files()
    tree.write("proc/stat", "cpu 100 0 0 300 100 0 0 0 0 0")
    known(tree.root, counters, 0)
    tree.write("proc/stat", "cpu 125 0 0 325 150 0 0 0 0 0")
    assert known(tree.root, counters, 10)["cpu_utilization"] == 0.25


def test_the_table_of_tracked_connections(tree):
    tree.machine_files()
    tree.write("proc/sys/net/netfilter/nf_conntrack_count", "30")
    tree.write("proc/sys/net/netfilter/nf_conntrack_max", "120")
    assert known(tree.root, Counters(), 0)["conntrack_utilization"] == 0.25


@pytest.mark.parametrize(
    ("after", "loss", "again"),
    [((1300, 200, 2900, 200), 0.25, 0.05), ((1010, 15, 1010, 110), None, None)],
)
def test_losses_of_the_network_but_not_of_a_handful_of_packets(tree, after, loss, again):
    counters = Counters()
    tree.machine_files()
    tree.network(1000, 0, 1000, 100)
    known(tree.root, counters, 0)
    tree.network(*after)
    found = known(tree.root, counters, 5)
    assert found.get("packet_loss") == loss
    assert found.get("retransmit_rate") == again


@pytest.mark.parametrize(("real", "loss"), [("eth0", 0.0), ("eth1", 0.5)])
def test_where_there_are_real_devices_only_their_losses_count(tree, real, loss):
    counters = Counters()
    tree.machine_files()
    (tree.folder / f"sys/class/net/{real}/device").mkdir(parents=True)
    for lost, now in ((0, 0), (500, 5)):
        passed = 10_000 + 2 * lost
        calm = f"  eth0: 1 {passed} 0 0 0 0 0 0 1 0 0 0 0 0 0 0"
        losing = f"  eth1: 1 {10_000 + lost} 0 {lost} 0 0 0 0 1 0 0 0 0 0 0 0"
        tree.write("proc/1/net/dev", calm, losing)
        found = known(tree.root, counters, now)
    assert found["packet_loss"] == loss


def test_this_machine():
    found = known(HostRoot(), Counters(), 0)
    assert found["memory_usage"] > 1 << 24
    assert 0 < found["memory_utilization"] < 1
    assert found["thread_count"] > 1
