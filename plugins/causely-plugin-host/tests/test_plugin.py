"""The plugin as the agent runs it, on machines that are not there and on this one."""

import asyncio
import os
import socket
from contextlib import aclosing

import pytest
import structlog
from attrs import evolve
from causely_plugin_host import HostConfig, HostPlugin
from opentelemetry.metrics import NoOpMeter
from structlog.testing import capture_logs

from causely_core.errors import ConfigError
from causely_core.hookspecs import Collector, Discoverer
from causely_core.host import ContainerInfo, PodInfo
from causely_core.model import ManualClock, SystemClock, Topology
from causely_core.plugins import PluginManager

from .trees import ID, UID

POD_GROUP = f"0::/kubepods/pod{UID}/{ID}"


class Pods:
    """One pod with one container."""

    awaited = True
    restarts = 0

    @property
    def pods(self):
        return [self.by_uid(UID)]

    async def refresh(self): ...

    async def aclose(self): ...

    def by_uid(self, uid):
        return PodInfo(UID, "shop", "cart-1", (("Deployment", "cart"),), {ID: self.by_container(ID)})

    def by_container(self, id):
        return ContainerInfo(ID, "main", service="cart", restarts=self.restarts) if id == ID else None


def manager(folder, component="agent", **section):
    sections = {"host": section} if section else {}
    made = PluginManager(component, SystemClock(), structlog.get_logger(), NoOpMeter("t"), folder, sections)
    made.register("host", HostPlugin())
    return made


@pytest.mark.parametrize("component", ["agent", "mediator", "analyzer"])
async def test_it_is_for_the_agent_only(tmp_path, component):
    made = manager(tmp_path, component)
    for hook, offered in (("causely_collectors", ["host", "connections"]), ("causely_discoverers", ["host"])):
        assert [found.name for _, found in await made.call(hook)] == (offered if component == "agent" else [])


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({"api_url": "10.0.0.7"}, "plugins.host.*api_url.*https://10.0.0.7:10250"),
        ({"kubelet_url": "10.0.0.7"}, "plugins.host.*kubelet_url.*https://10.0.0.7:10250"),
        ({"interval": 0}, "plugins.host.*interval"),
    ],
)
def test_a_wrong_section_is_one_clear_line(tmp_path, section, said):
    with pytest.raises(ConfigError, match=said):
        manager(tmp_path, **section)


def offered(context):
    plugin = HostPlugin()
    (collector, *_), (discoverer,) = plugin.causely_collectors(context), plugin.causely_discoverers(context)
    assert isinstance(collector, Collector)
    assert isinstance(discoverer, Discoverer)
    return collector, discoverer


@pytest.fixture
def on_tree(tree, context):
    """The plugin on the machine of the test's own; intervals take no time, for the clock is moved by hand."""
    tree.machine_files()
    tree.write("etc/hostname", "vm")
    tree.write("proc/sys/kernel/osrelease", "6.1.0")
    clock = ManualClock(1000.0)
    collector, discoverer = offered(context(clock, root=str(tree.folder), interval=0.001, discovery_interval=0.001))
    return clock, collector, discoverer


async def snapshot(discoverer):
    async with aclosing(discoverer.discover()) as deltas:
        return evolve(await anext(deltas), source="agent/host/host")


def told(delta):
    topology = Topology()
    topology.apply(delta)
    return topology.entities, {f"{r.source} {r.type} {r.target}" for r in topology.relations}


async def test_the_machine_its_disks_and_what_listens(tree, on_tree):
    tree.write("proc/1/mountinfo", "25 1 254:0 / / rw - ext4 /dev/vda rw")
    tree.process(5, "/usr/sbin/nginx")
    tree.listens(5, 80)
    tree.process(6, "/usr/bin/cron")
    tree.process(7, "/app/worker", OTEL_SERVICE_NAME="worker")
    delta = await snapshot(on_tree[2])
    entities, relations = told(delta)
    assert delta.snapshot
    assert entities.keys() == {"Node:vm", "Disk:vm/vda", "Service:nginx", "Service:worker"}
    assert relations == {
        "Disk:vm/vda part_of Node:vm",
        "Service:nginx runs_on Node:vm",
        "Service:worker runs_on Node:vm",
    }
    described = entities["Node:vm"].attributes
    assert (described["host.name"], described["os.type"], described["os.version"]) == ("vm", "linux", "6.1.0")


async def test_containers_of_pods_with_their_services_once_they_listen(tree, on_tree):
    on_tree[2].sight.machine.owners.pods = Pods()
    tree.process(5, "/app/server", POD_GROUP)
    entities, relations = told(await snapshot(on_tree[2]))
    assert "Service:shop/cart" not in entities
    assert "Container:shop/cart-1/main part_of Pod:shop/cart-1" in relations
    tree.listens(5, 80)
    on_tree[0].advance(20)
    entities, relations = told(await snapshot(on_tree[2]))
    assert "Service:shop/cart runs_on Container:shop/cart-1/main" in relations


async def test_a_service_runs_on_all_of_its_containers(tree, on_tree):
    for pid, digit in ((5, "a"), (6, "b")):
        tree.process(pid, "/app/till", f"0::/docker/{digit * 64}", OTEL_SERVICE_NAME="till")
    _, relations = told(await snapshot(on_tree[2]))
    assert {f"Service:till runs_on Container:{digit * 64}" for digit in "ab"} <= relations


async def test_what_comes_and_goes_is_told(tree, on_tree):
    clock, _, discoverer = on_tree
    async with aclosing(discoverer.discover()) as deltas:
        await anext(deltas)
        tree.process(5, "/usr/sbin/nginx")
        tree.listens(5, 80)
        clock.advance(10)
        assert [entity.id for entity in (await anext(deltas)).entities] == ["Service:nginx"]
        (tree.folder / "proc/5/stat").unlink()
        clock.advance(61)
        assert (await anext(deltas)).deleted_entities == ("Service:nginx",)


async def observed(collector, clock, change=lambda: None):
    """The values of the second of two intervals, by entity and attribute."""
    async with aclosing(collector.observe()) as batches:
        await anext(batches)
        change()
        clock.advance(10)
        return {(row.series.entity, row.series.attribute): row.value for row in await anext(batches)}


async def test_values_of_all_that_was_found(tree, on_tree):
    pods = on_tree[1].sight.machine.owners.pods = Pods()
    tree.write("proc/1/mountinfo", "25 1 254:0 / / rw - ext4 /dev/vda rw")
    tree.write(f"sys/fs/cgroup/kubepods/pod{UID}/{ID}/pids.current", "3")
    tree.process(5, "/app/server", POD_GROUP)
    tree.listens(5, 80)

    def change():
        pods.restarts = 2
        tree.machine_files(busy=400)
        tree.process(5, "/app/server", POD_GROUP, seconds=5)

    values = await observed(on_tree[1], on_tree[0], change)
    assert values["Node:vm", "cpu_utilization"] == 1.0
    assert values["Node:vm", "disk_utilization"] == values["Disk:vm/vda", "disk_utilization"]
    assert values["Service:shop/cart", "cpu_usage"] == 0.5
    assert values["Container:shop/cart-1/main", "thread_count"] == 3
    assert values["Container:shop/cart-1/main", "restart_count"] == 2


async def test_a_container_that_waits_to_be_started_again_stays_and_its_restarts_are_told(on_tree):
    clock, collector, discoverer = on_tree
    pods = collector.sight.followed = collector.sight.machine.owners.pods = Pods()
    entities, relations = told(await snapshot(discoverer))
    assert "Container:shop/cart-1/main" in entities
    assert "Service:shop/cart" not in entities
    assert "Pod:shop/cart-1 runs_on Node:vm" in relations
    values = await observed(collector, clock, lambda: setattr(pods, "restarts", 2))
    assert values["Container:shop/cart-1/main", "restart_count"] == 2
    assert values["Container:shop/cart-1/main", "oom_kill_count"] == 0


async def test_what_listens_nowhere_is_not_measured(tree, on_tree):
    tree.process(6, "/usr/bin/cron")
    values = await observed(on_tree[1], on_tree[0])
    assert {entity for entity, _ in values} == {"Node:vm"}


async def test_a_silent_api_server_hinders_nothing(tree, context):
    tree.machine_files()
    tree.process(5, "/app/cart", POD_GROUP)
    _, discoverer = offered(
        context(root=str(tree.folder), node="vm", api_url="https://127.0.0.1:1", api_account="/none")
    )
    with capture_logs() as logged:
        entities, _ = told(await snapshot(discoverer))
    assert [row["event"] for row in logged] == ["pods are not known"]
    assert entities.keys() == {"Node:vm", f"Container:{ID}"}


async def test_this_machine_and_this_process(context):
    collector, discoverer = offered(context(SystemClock()))
    with socket.create_server(("127.0.0.1", 0)):
        entities, _ = told(await snapshot(discoverer))
        batch = collector.read(await collector.sight.look(), 0.0)
    machine = collector.sight.machine
    mine = machine.owners.of(os.getpid()).service
    assert {mine, machine.node.id} <= entities.keys()
    assert {row.series.entity for row in batch} >= {mine, machine.node.id}


async def test_both_look_at_the_same_time_without_harm(context):
    collector, discoverer = offered(context(SystemClock(), interval=0.01, discovery_interval=0.01))
    async with aclosing(collector.observe()) as batches, aclosing(discoverer.discover()) as deltas:
        batch, delta = await asyncio.gather(anext(batches), anext(deltas))
    assert len(batch) > 0
    assert delta.snapshot


def test_all_settings_have_defaults():
    assert HostConfig().interval == 5.0
