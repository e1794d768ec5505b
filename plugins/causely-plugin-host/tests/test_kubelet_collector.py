"""What the plugin tells by a kubelet that speaks HTTPS, on a machine of the test's own."""

import asyncio
import os
from contextlib import aclosing

import pytest
from causely_plugin_host import HostPlugin
from structlog.testing import capture_logs

from causely_core.detection.builtin import builtin_detectors
from causely_core.detection.windows import WindowBuffer
from causely_core.host import pod_info
from causely_core.model import ManualClock, SymptomKey, Topology, Window

from . import kubelets
from .kubelets import GIB, Node, file_system
from .trees import ID, UID

OTHER, OTHER_UID = "f" * 64, "99999999-2222-3333-4444-555555555555"
MAIN, SIDE = "Container:shop/cart-1/main", "Container:shop/cart-1/side"
GROUP = f"0::/kubepods/pod{UID}/{ID}"
SUMMARY, CADVISOR = "/stats/summary", "/metrics/cadvisor"


@pytest.fixture
def kubelet(tmp_path):
    folder = tmp_path / "account"
    folder.mkdir()
    with kubelets.running(folder) as serving:
        yield serving


class World:
    """The plugin, its kubelet, and a clock that is moved by hand."""

    def __init__(self, tree, kubelet, context, kubelet_interval=0.001):
        tree.machine_files()
        self.clock, self.kubelet, self.node, self.tree = ManualClock(1000.0), kubelet, Node(), tree
        self.spoilt = {}
        settings = {"root": str(tree.folder), "node": "vm", "interval": 0.001, "discovery_interval": 0.001}
        settings["connections_interval"] = 0
        self.context = context(self.clock, kubelet_interval=kubelet_interval, **settings, **kubelet.settings)
        plugin = HostPlugin()
        self.own, self.told = plugin.causely_collectors(self.context)
        (self.discoverer,) = plugin.causely_discoverers(self.context)

    def measured(self):
        """The container ``main`` runs where the agent sees it, and its control group can be read."""
        self.tree.process(5, "/app/cart", GROUP)
        self.tree.write(f"sys/fs/cgroup/kubepods/pod{UID}/{ID}/memory.current", GIB)

    async def values(self, *readings, collector=None):
        """Values of the last of the readings, each after what was changed for it."""
        async with aclosing((collector or self.told).observe()) as batches:
            for change in (lambda: None, *readings):
                change()
                self.kubelet.pages.update(self.node.pages() | self.spoilt)
                await self.known()
                batch = await anext(batches)
                self.clock.advance(20)
        return {(row.series.entity, row.series.attribute): row.value for row in batch}

    async def known(self):
        """Until the agent knows the pods that there are now."""
        await self.told.sight.followed.refresh()
        async with asyncio.timeout(20):
            while list(map(pod_info, self.node.pods)) != list(self.told.sight.pods):
                await asyncio.sleep(0.01)

    async def topology(self):
        async with aclosing(self.discoverer.discover()) as deltas:
            found = Topology()
            found.apply(await anext(deltas))
        return found.entities, {f"{r.source} {r.type} {r.target}" for r in found.relations}


@pytest.fixture
def world(tree, kubelet, context):
    return World(tree, kubelet, context)


def test_without_a_kubelet_nobody_asks_one(context):
    assert [found.name for found in HostPlugin().causely_collectors(context())] == ["host", "connections"]


async def test_ephemeral_storage_is_by_the_limit_or_by_what_the_node_has(world):
    world.node.pod("cart-1", UID, {"main": ID, "side": OTHER}, {"ephemeral-storage": "4Gi"})
    world.node.pods[0]["spec"]["containers"][1]["resources"] = {}
    world.node.stores("cart-1", UID, {"main": (2 * GIB, GIB), "side": (3 * GIB, 2 * GIB)}, 50 * GIB)
    values = await world.values()
    assert values[MAIN, "ephemeral_storage_utilization"] == 0.75
    assert values[SIDE, "ephemeral_storage_utilization"] == 0.05


async def test_what_is_told_now_and_then_still_raises_a_symptom(tree, kubelet, context):
    world = World(tree, kubelet, context, kubelet_interval=20.0)
    world.node.pod("cart-1", UID, {"main": ID}, {"ephemeral-storage": "4Gi"})
    world.node.stores("cart-1", UID, {"main": (3.9 * GIB, 0)})
    kubelet.pages.update(world.node.pages())
    (detector,) = (each for each in builtin_detectors() if each.name == "ephemeral-storage")
    window = WindowBuffer(attributes=set(detector.attributes))
    async with aclosing(world.told.observe()) as batches:
        for _ in range(12):
            window.append(await anext(batches))
            world.clock.advance(5)
    now = world.clock.now()
    seen = Window(now, window.window(detector.attributes, now), {}, {}, {})
    assert [symptom.key for symptom in detector.detect(seen)] == [SymptomKey(MAIN, "EphemeralStorage_High")]
    assert kubelet.asked[SUMMARY] == 3


async def test_volumes_that_end_with_a_pod_count_where_all_of_it_is_limited(world):
    world.node.pod("cart-1", UID, {"main": ID, "side": OTHER}, {"ephemeral-storage": "2Gi"})
    world.node.stores("cart-1", UID, {"main": (GIB, 0), "side": (0, 0)}, 3.8 * GIB)
    values = await world.values()
    assert values[MAIN, "ephemeral_storage_utilization"] == pytest.approx(0.95)
    assert values[SIDE, "ephemeral_storage_utilization"] == pytest.approx(0.95)


async def test_a_volume_is_a_disk_that_is_known_by_its_claim(world):
    world.node.pod("cart-1", UID, {"main": ID}, claims=["data"])
    volume = file_system(10 * GIB, 0.9, 1000, 0.4)
    world.node.stores("cart-1", UID, {"main": (0, 0)}, claims=[("data-cart-1", volume)])
    values = await world.values()
    assert values["Disk:shop/data-cart-1", "disk_utilization"] == pytest.approx(0.9)
    assert values["Disk:shop/data-cart-1", "inode_utilization"] == pytest.approx(0.4)
    entities, relations = await world.topology()
    described = entities["Disk:shop/data-cart-1"].attributes
    assert described["k8s.persistentvolumeclaim.name"] == "data-cart-1"
    assert f"{MAIN} stores_on Disk:shop/data-cart-1" in relations


async def test_a_node_whose_disks_cannot_be_read_has_those_of_the_kubelet(world):
    values = await world.values()
    assert values["Disk:vm/nodefs", "disk_utilization"] == pytest.approx(0.25)
    assert values["Disk:vm/nodefs", "inode_utilization"] == pytest.approx(0.1)
    assert ("Disk:vm/imagefs", "disk_utilization") not in values
    own = await world.values(collector=world.own)
    assert own["Node:vm", "disk_utilization"] == pytest.approx(0.25)
    assert "Disk:vm/nodefs part_of Node:vm" in (await world.topology())[1]


async def test_what_the_agent_reads_itself_the_kubelet_does_not_tell(world):
    world.tree.write("proc/1/mountinfo", "25 1 254:0 / / rw - ext4 /dev/vda rw")
    world.measured()
    world.node.capacity = capacity_of(world.tree.folder)
    world.node.pod("cart-1", UID, {"main": ID}, claims=["data"])
    local = file_system(world.node.capacity, 0.9)
    world.node.stores("cart-1", UID, {"main": (GIB, 0)}, claims=[("data-cart-1", local)])
    own, told = await world.values(collector=world.own), await world.values()
    assert set(told) == {(MAIN, "ephemeral_storage_utilization")}
    assert (MAIN, "memory_usage") in own
    assert not own.keys() & told.keys()
    assert world.kubelet.asked[CADVISOR] == 0


def capacity_of(folder):
    told = os.statvfs(folder)
    return told.f_blocks * told.f_frsize


def cadvisor(node, seconds, spent, kills=0, packets=1000, lost=0):
    """What cAdvisor has read so many seconds after the begin."""
    node.lines.clear()
    read = {"pod": "cart-1", "container": "main", "seconds": seconds}
    node.tells("container_cpu_usage_seconds_total", spent, cpu="total", **read)
    node.tells("container_cpu_usage_seconds_total_unwanted", 7, **read)
    node.tells("container_cpu_cfs_periods_total", seconds * 10, **read)
    node.tells("container_cpu_cfs_throttled_periods_total", seconds * 4, **read)
    node.tells("container_pressure_cpu_waiting_seconds_total", seconds * 0.3, **read)
    node.tells("container_pressure_memory_waiting_seconds_total", seconds * 0.1, **read)
    node.tells("container_memory_working_set_bytes", 0.5 * GIB, **read)
    for kind, scope in (("pgmajfault", "container"), ("pgfault", "container"), ("pgmajfault", "hierarchy")):
        value = seconds * 2 if (kind, scope) == ("pgmajfault", "container") else 9e9
        node.tells("container_memory_failures_total", value, failure_type=kind, scope=scope, **read)
    node.tells("container_oom_events_total", kills, **read)
    node.tells("container_threads", 12, **read)
    node.tells("container_memory_working_set_bytes", 77, "cart-1", "", seconds)
    node.tells("container_memory_working_set_bytes", 77, "other-1", "main", seconds)
    for way in ("receive", "transmit"):
        told = {"interface": "eth0", "pod": "cart-1", "seconds": seconds}
        node.tells(f"container_network_{way}_packets_total", packets, **told)
        node.tells(f"container_network_{way}_packets_dropped_total", lost, **told)


def busy(world):
    limits = {"cpu": "2", "memory": "1Gi"}
    world.node.pod("cart-1", UID, {"main": ID}, limits)
    world.node.stores("cart-1", UID, {"main": (GIB, 0)})
    cadvisor(world.node, 0, 100.0)


async def test_cadvisor_stands_in_for_containers_that_the_agent_cannot_measure(world):
    busy(world)
    # cAdvisor's own readings lie ten seconds apart, though the agent comes every twenty.
    values = await world.values(lambda: cadvisor(world.node, 10, 105.0, packets=1950, lost=50))
    found = {attribute: value for (entity, attribute), value in values.items() if entity == MAIN}
    assert found == {
        "cpu_usage": 0.5,
        "cpu_utilization": 0.25,
        "cpu_throttled_share": 0.4,
        "cpu_pressure": pytest.approx(0.3),
        "memory_usage": 0.5 * GIB,
        "memory_utilization": 0.5,
        "memory_pressure": pytest.approx(0.1),
        "major_page_fault_rate": 2.0,
        "thread_count": 12,
        "ephemeral_storage_utilization": 0.01,
    }
    assert values["Pod:shop/cart-1", "packet_loss"] == 0.05


async def test_the_same_reading_of_cadvisor_tells_no_rate_twice(world):
    busy(world)
    values = await world.values(lambda: cadvisor(world.node, 10, 105.0), lambda: None)
    assert (MAIN, "cpu_usage") not in values
    assert values[MAIN, "memory_usage"] == 0.5 * GIB


async def test_kills_that_only_cadvisor_counts_are_told_with_the_others(world):
    busy(world)
    await world.values()
    async with aclosing(world.own.observe()) as batches:
        await anext(batches)
        await world.values(lambda: cadvisor(world.node, 10, 105.0, kills=2))
        batch = await anext(batches)
    assert {row.value for row in batch if row.series.attribute == "oom_kill_count"} == {2}


async def test_a_container_that_waits_to_be_started_again_is_not_asked_for(world):
    world.node.pod("cart-1", UID, {"main": ID}, running=False)
    await world.values()
    assert (world.kubelet.asked[CADVISOR], world.kubelet.asked[SUMMARY]) == (0, 1)


async def test_a_pod_on_the_network_of_its_node_loses_nothing_of_its_own(world):
    busy(world)
    world.node.pods[0]["spec"]["hostNetwork"] = True
    values = await world.values(lambda: cadvisor(world.node, 10, 105.0, packets=1950, lost=50))
    assert ("Pod:shop/cart-1", "packet_loss") not in values
    assert (MAIN, "cpu_usage") in values


async def failing(world, readings=1):
    """What is logged while the collector is read, and what it tells last."""
    with capture_logs() as logged:
        values = await world.values(*[lambda: None] * readings)
    return [row["error"].split(": ", 1) for row in logged if row["event"].startswith("the kubelet")], values


@pytest.mark.parametrize(
    ("status", "said"), [(401, "HTTP 401, it does not"), (403, "HTTP 403, the account"), (500, "HTTP 500")]
)
async def test_a_page_that_is_refused_is_one_line_and_hinders_no_other(world, status, said):
    busy(world)
    world.kubelet.statuses[SUMMARY] = status
    ((where, why),), values = await failing(world, 3)
    assert where.endswith(SUMMARY)
    assert why.startswith(said)
    assert (MAIN, "memory_usage") in values


async def test_a_right_that_is_missing_is_named(world):
    busy(world)
    world.kubelet.statuses |= dict.fromkeys((SUMMARY, CADVISOR), 403)
    logged, _ = await failing(world)
    assert [why.rpartition(" needs ")[2] for _, why in logged] == ['"get" on nodes/stats', '"get" on nodes/metrics']


@pytest.mark.parametrize("page", [SUMMARY, CADVISOR])
async def test_a_page_that_is_cut_off_is_one_line_and_the_next_is_read(world, page):
    busy(world)
    world.kubelet.withheld[page] = 100
    ((where, _),), _ = await failing(world)
    assert where.endswith(page)
    world.kubelet.withheld.clear()
    world.clock.advance(600)
    logged, values = await failing(world)
    assert logged == []
    assert {(MAIN, "memory_usage"), (MAIN, "ephemeral_storage_utilization")} <= values.keys()


@pytest.mark.parametrize(
    ("page", "body"),
    [
        (SUMMARY, b"<html>"),
        (SUMMARY, b"[]"),
        (SUMMARY, b'{"pods": []}'),
        (SUMMARY, b'{"node": {}, "pods": [{}]}'),
        (CADVISOR, b"container_threads{} many\n"),
        (CADVISOR, b"container_threads{} 1"),
    ],
)
async def test_a_page_of_another_shape_is_one_line(world, page, body):
    busy(world)
    world.spoilt[page] = body
    ((where, why),), _ = await failing(world)
    assert where.endswith(page)
    assert "\n" not in why


async def test_a_kubelet_that_is_away_hinders_nothing(world):
    world.measured()
    world.kubelet.statuses |= dict.fromkeys((SUMMARY, CADVISOR), 503)
    own, told = await asyncio.gather(world.values(collector=world.own), world.values())
    assert told == {}
    assert ("Node:vm", "memory_usage") in own
