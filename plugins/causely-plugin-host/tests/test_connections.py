"""TCP sockets of this machine, as its kernel tells of them."""

import os
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from causely_plugin_host import HostPlugin
from structlog.testing import capture_logs

from causely_core.hookspecs import Collector
from causely_core.model import ManualClock

PEERS = Path(__file__).with_name("peers.py")


class Looking:
    """The collector, on this machine, at times of the test's own."""

    def __init__(self, context, **settings):
        self.clock = ManualClock(1000.0)
        *_, self.collector = HostPlugin().causely_collectors(context(self.clock, **{"interval": 0.01, **settings}))

    async def rows(self):
        self.clock.advance(10)
        seen = await self.collector.sight.look()
        return [(row.series, row.value) for row in self.collector.read(seen, self.clock.now())]

    async def values(self, entity):
        return {series.attribute: value for series, value in await self.rows() if series.entity == entity}


@pytest.fixture
def looking(context):
    return Looking(context)


@pytest.fixture
def here(looking):
    """The service that the test itself is, once it listens."""
    return looking.collector.sight.machine.owners.of(os.getpid()).service


class Peer:
    """A process, which does its next step when it is told to."""

    def __init__(self, process):
        self.process = process
        self.wait()

    def step(self, line):
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        self.wait()

    def wait(self):
        assert self.process.stdout.readline() == "ready\n"


@contextmanager
def peer(part, beside=None):
    """A process in a network namespace of its own, or in that of another."""
    if os.geteuid() != 0 or not shutil.which("unshare"):
        pytest.skip("only root may make network namespaces")
    where = ["nsenter", f"--net=/proc/{beside.process.pid}/ns/net"] if beside else ["unshare", "--net"]
    asked = [*where, sys.executable, str(PEERS), part]
    environment = {**os.environ, "OTEL_SERVICE_NAME": part}
    with subprocess.Popen(asked, env=environment, stdin=-1, stdout=-1, text=True) as process:
        yield Peer(process)
        process.stdin.close()


@contextmanager
def connected():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        accepted, _ = server.accept()
        with accepted:
            yield client, accepted


async def test_the_round_trip_of_a_connection_that_is_held_open(looking, here):
    with connected() as (client, accepted):
        client.sendall(b"hello")
        assert accepted.recv(5) == b"hello"
        found = await looking.values(here)
    assert 0 < found["tcp_rtt.p50"] <= found["tcp_rtt.p95"] < 1.0
    assert found["listen_queue_utilization"] < 1.0


async def test_connections_that_wait_to_be_accepted(looking, here):
    with socket.create_server(("127.0.0.1", 0), backlog=3) as server, socket.create_connection(server.getsockname()):
        found = await looking.values(here)
        assert found["listen_queue_utilization"] == 0.25


async def test_who_accepts_nobody_in_a_network_namespace_of_its_own(looking):
    with peer("stuck") as stuck:
        found = await looking.values("Service:stuck")
        assert found["listen_queue_utilization"] == 1.0
        assert "listen_overflow_rate" not in found
        stuck.step("more")
        found = await looking.values("Service:stuck")
        assert found["listen_overflow_rate"] >= 0.1


async def test_overflows_of_a_network_namespace_that_services_share_are_the_machines(looking):
    node = looking.collector.sight.machine.node.id
    with peer("stuck") as stuck, peer("neighbour", beside=stuck):
        await looking.values(node)
        stuck.step("more")
        told = {(series.entity, series.attribute): value for series, value in await looking.rows()}
    assert told[node, "listen_overflow_rate"] >= 0.1
    assert ("Service:stuck", "listen_overflow_rate") not in told
    assert told["Service:neighbour", "listen_queue_utilization"] == 0.0


async def test_segments_that_are_sent_again(looking):
    if not shutil.which("nft"):
        pytest.skip("needs nft (nftables) to lose packets")
    with peer("lossy") as lossy:
        assert "retransmit_rate" not in await looking.values("Service:lossy")
        lossy.step("go")
        found = await looking.values("Service:lossy")
    # Of all segments half are acknowledgements, which are lost as well and never sent again.
    assert 0.02 < found["retransmit_rate"] < 0.2


async def test_more_sockets_than_are_looked_at_are_told_of_once(context):
    looking = Looking(context, max_sockets=1)
    with connected(), connected(), capture_logs() as logs:
        for _ in range(2):
            await looking.values("Service:none")
    assert [line["error"] for line in logs] == ["there are more than max_sockets: 1"]


async def test_it_is_a_collector_and_can_be_switched_off(context, looking):
    assert isinstance(looking.collector, Collector)
    names = [each.name for each in HostPlugin().causely_collectors(context(connections_interval=0))]
    assert names == ["host"]
