"""A link over real gRPC: nothing acknowledged is lost, nothing is applied twice, whatever fails."""

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys

import grpc
import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from causely_core.model import Entity, EntityId, EvidenceRequest, TopologyDelta
from causely_core.wire import Snapshot, WireError
from causely_core.wire.channel import listen
from causely_core.wire.cursor import Cursor
from causely_core.wire.dialect import FORWARD
from causely_core.wire.receiver import LinkReceiver
from causely_core.wire.servicers import AgentLink
from causely_core.wire.spool import Spool

from .links import DEADLINE, Server, Store, Teller, delta, drained, running, sender, until


@pytest.fixture
async def server():
    server = Server(Store())
    await server.start()
    yield server
    await server.kill()


@pytest.fixture
def spool(tmp_path):
    spool = Spool(tmp_path / "spool")
    yield spool
    spool.close()


async def test_updates_arrive_in_order_and_leave_the_spool(server, spool):
    teller = Teller()
    link = sender(server.port, spool, teller.snapshot)
    await teller.say(link, 300)
    async with running(link):
        await drained(link)
        assert link.connected
        assert server.link.connected == {"test"}
    assert server.store.applied == dict.fromkeys(range(1, 301), 1)
    assert server.store.snapshots == 0
    assert len(server.store.batches) < 300
    await until(lambda: not server.link.connected)


async def test_a_snapshot_of_a_large_cluster_passes(server, spool):
    said = {"k8s.pod.name": "x" * 4096}
    entities = tuple(Entity.of("Pod", str(number), attributes=said) for number in range(20_000))
    whole = Snapshot((TopologyDelta("test", 1, entities, snapshot=True),))
    link = sender(server.port, spool, lambda: whole)
    async with running(link):
        await link.send(whole)
        await drained(link)
    assert len(server.store.known) == 20_000


@pytest.mark.parametrize("seed", range(4))
async def test_a_killed_and_restarted_receiver_loses_nothing_and_applies_nothing_twice(server, spool, seed):
    dice, teller = random.Random(seed), Teller()
    server.store.delay = 0.002
    link = sender(server.port, spool, teller.snapshot)
    async with running(link):
        for _ in range(6):
            await teller.say(link, dice.randrange(1, 60))
            await asyncio.sleep(dice.random() / 20)
            await server.kill()
            if dice.random() < 0.5:
                await teller.say(link, dice.randrange(1, 20))
            await server.start()
        await drained(link)
    assert server.store.applied == dict.fromkeys(teller.said, 1)
    assert server.store.snapshots == 0


async def test_a_failing_store_is_retried(server, spool):
    teller = Teller()
    server.store.failures = 2
    link = sender(server.port, spool, teller.snapshot)
    await teller.say(link, 5)
    async with running(link):
        await drained(link)
    assert server.store.applied == dict.fromkeys(range(1, 6), 1)


async def test_a_lost_cursor_is_healed_by_a_snapshot(server, spool):
    teller = Teller()
    link = sender(server.port, spool, teller.snapshot)
    async with running(link):
        await teller.say(link, 10)
        await drained(link)
        await server.kill()
        server.store = Store()
        await teller.say(link, 3)
        await server.start()
        await drained(link)
        await until(lambda: server.store.known == set(teller.said))
    assert server.store.snapshots == 1


async def test_a_lost_cursor_is_noticed_though_nothing_is_left_to_send(server, spool):
    teller = Teller()
    link = sender(server.port, spool, teller.snapshot)
    async with running(link):
        await teller.say(link, 10)
        await drained(link)
        await server.kill()
        server.store = Store()
        await server.start()
        await until(lambda: server.store.known == set(teller.said))


async def test_an_overflowed_spool_is_followed_by_a_snapshot(server, tmp_path):
    teller = Teller()
    spool = Spool(tmp_path / "spool", max_bytes=500)
    link = sender(server.port, spool, teller.snapshot)
    await teller.say(link, 100)
    assert spool.overflowed
    async with running(link):
        await drained(link)
        await teller.say(link, 1)
        await drained(link)
    assert server.store.snapshots == 1
    assert server.store.known == set(teller.said)


async def test_a_new_spool_of_a_known_sender_begins_with_a_snapshot(server, spool, tmp_path):
    server.store.known = {-1}
    teller = Teller()
    link = sender(server.port, spool, teller.snapshot)
    await teller.say(link, 3)
    async with running(link):
        await drained(link)
    again = sender(server.port, Spool(tmp_path / "other"), teller.snapshot)
    async with running(again):
        await until(lambda: server.store.known == set(teller.said))
        await drained(again)
    assert server.store.snapshots == 1


async def test_a_spool_that_lost_acknowledged_numbers_begins_a_new_epoch(server, spool, tmp_path):
    teller = Teller()
    link = sender(server.port, spool, teller.snapshot)
    await teller.say(link, 5)
    async with running(link):
        await drained(link)
    # As after a power failure: the same epoch, but the newest appends are gone.
    epoch, cursor = spool.epoch, server.store.cursors["test"]
    server.store.cursors["test"] = cursor._replace(sequence=99)
    async with running(sender(server.port, spool, teller.snapshot)):
        await until(lambda: server.store.snapshots == 1)
    assert spool.epoch != epoch
    assert server.store.known == set(teller.said)


class Full(Spool):
    """On a disk that is full for the first two snapshots."""

    refused = 0

    def replace(self, payload):
        if self.refused < 2:
            self.refused += 1
            raise sqlite3.OperationalError("database or disk is full")
        return super().replace(payload)


async def test_a_disk_that_is_full_for_a_while_does_not_end_the_link(server, tmp_path):
    teller, spool = Teller(), Full(tmp_path / "full")
    server.store.cursors["test"] = Cursor("another", 7)
    link = sender(server.port, spool, teller.snapshot)
    await teller.say(link, 3)
    async with running(link):
        await until(lambda: server.store.known == {1, 2, 3})
    assert spool.refused == 2


async def test_a_second_stream_of_the_same_sender_ends_the_first_and_nothing_is_applied_twice(server, spool):
    teller = Teller()
    server.store.delay = 0.01
    first, second = (sender(server.port, spool, teller.snapshot) for _ in range(2))
    async with running(first):
        await teller.say(first, 100)
        await until(lambda: server.store.batches)
        async with running(second):
            await teller.say(second, 100)
            await drained(second)
    assert server.store.applied == dict.fromkeys(teller.said, 1)


async def test_a_link_that_is_ended_while_its_receiver_goes_away_does_end(server, spool):
    for steps in range(40):
        link = sender(server.port, spool, Teller().snapshot)
        running = asyncio.create_task(link.run())
        await until(lambda link=link: link.connected)
        killing = asyncio.create_task(server.kill())
        for _ in range(steps):
            await asyncio.sleep(0)
        running.cancel()
        ended, _ = await asyncio.wait([running], timeout=DEADLINE)
        assert ended
        await killing
        await server.start()


async def test_evidence_is_asked_for_and_answered_on_the_same_link(server, spool):
    asked = []

    async def answer(request):
        asked.append(request)
        if request.id == "bad":
            raise RuntimeError("no such series")

    link = sender(server.port, spool, Teller().snapshot, on_evidence=answer)
    request = EvidenceRequest("r1", "cause", (EntityId("Service:api"),), 1.0, 2.0)
    assert not await server.link.request_evidence("test", request)
    async with running(link):
        await until(lambda: server.link.connected)
        assert await server.link.request_evidence("test", EvidenceRequest("bad", "cause", (), 1.0, 2.0))
        assert await server.link.request_evidence("test", request)
        await until(lambda: len(asked) == 2)
        assert link.connected
    assert asked[1] == request


async def test_what_is_not_well_formed_is_not_spooled(spool):
    link = sender(1, spool, Teller().snapshot)
    with pytest.raises(WireError, match="expected an integer"):
        await link.send(delta(-1))
    assert spool.last == 0


async def test_agents_forward_the_same_way(spool):
    store, teller = Store(), Teller()
    server = grpc.aio.server()
    AgentLink(LinkReceiver(store, store.apply)).add_to(server)
    port = listen(server, "localhost:0")
    await server.start()
    link = sender(port, spool, teller.snapshot, dialect=FORWARD)
    async with running(link):
        await teller.say(link, 10)
        await drained(link)
    await server.stop(None)
    assert store.known == set(teller.said)


async def test_what_happens_is_counted(server, spool):
    reader, teller = InMemoryMetricReader(), Teller()
    meter = MeterProvider([reader]).get_meter("test")
    link = sender(server.port, spool, teller.snapshot, meter=meter)
    async with running(link):
        await teller.say(link, 4)
        await drained(link)
        await server.kill()
        server.store = Store()
        await server.start()
        await until(lambda: server.store.snapshots)
        await drained(link)
    metrics = reader.get_metrics_data().resource_metrics[0].scope_metrics[0].metrics
    counted = {metric.name: metric.data.data_points[0].value for metric in metrics}
    reconnects = counted.pop("causely.link.reconnects")
    assert reconnects >= 1
    assert counted == {
        "causely.link.sent": 5,
        "causely.link.acked": 5,
        "causely.link.resyncs": 1,
        "causely.link.spool.size": 0,
    }


KILLED_SENDER = """
import asyncio, sys
from pathlib import Path
from causely_core.model import Entity, TopologyDelta
from causely_core.wire import Snapshot
from causely_core.wire.dialect import MEDIATE
from causely_core.wire.sender import LinkSender
from causely_core.wire.spool import Spool

async def main():
    link = LinkSender(MEDIATE, sys.argv[1], "test", Spool(Path(sys.argv[2])), Snapshot)
    asyncio.get_running_loop().create_task(link.run())
    for number in range(1, 10**9):
        await link.send(TopologyDelta("test", number, (Entity.of("Service", str(number)),)))
        print(number, flush=True)
        await asyncio.sleep(0.001)

asyncio.run(main())
"""


async def test_a_killed_sender_keeps_its_spool(server, tmp_path):
    path = tmp_path / "spool"
    command = [sys.executable, "-c", KILLED_SENDER, f"localhost:{server.port}", str(path)]
    child = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    try:
        await until(lambda: sum(server.store.batches) > 50)
    finally:
        # One that is left behind would write for ever and hold the pipes of the whole test run.
        os.kill(child.pid, signal.SIGKILL)
    said = [int(line) for line in (await child.stdout.read()).splitlines() if line.isdigit()]
    await child.wait()
    link = sender(server.port, Spool(path), Teller().snapshot)
    async with running(link):
        await drained(link)
        await until(lambda: not said or said[-1] in server.store.applied)
    assert server.store.applied == dict.fromkeys(range(1, max(server.store.applied) + 1), 1)
    assert server.store.snapshots == 0
