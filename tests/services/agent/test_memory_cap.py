"""An agent with a small limit and tens of thousands of connections: it sheds, tells how many, and stays below."""

import asyncio
import os
import resource
from contextlib import ExitStack, suppress

import psutil
import pytest

from .living import LivingAgent, holding, sink
from .test_kill import until

LIMIT = 160 * 1024 * 1024
"""Little more than an agent takes by itself."""
CONNECTIONS, AT_ONCE, MOST = 20_000, 5_000, 60_000
MANY = 1_000
FILES = 2 * AT_ONCE + 100

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.getuid() != 0, reason="only root sees the connections of others"),
    pytest.mark.skipif(
        resource.getrlimit(resource.RLIMIT_NOFILE)[1] < FILES, reason=f"a process may not have {FILES} open files"
    ),
]


async def largest(process, seen):
    """Note the most memory that a process takes."""
    counted = psutil.Process(process.pid)
    with suppress(psutil.NoSuchProcess):
        while True:
            seen.append(counted.memory_info().rss)
            await asyncio.sleep(0.05)


async def test_connections_are_shed_and_memory_stays_below_the_limit(tmp_path):
    with ExitStack() as stack:
        series = stack.enter_context(sink())
        agent = LivingAgent(tmp_path, timeseries=f"http://{series.address}", memory_limit=LIMIT)
        process = stack.enter_context(agent.running())
        await until(agent.watches, 60.0)
        seen = []
        watching = asyncio.create_task(largest(process, seen))
        count = 0
        while count < CONNECTIONS or (count < MOST and not await shed(agent)):
            await asyncio.to_thread(stack.enter_context, holding(AT_ONCE))
            count += AT_ONCE
        told = await until(lambda: shed(agent), 30.0)
        # Two more looks of the host plugin at all sockets.
        for _ in range(2):
            before = told["host_sockets_shortened_total"]
            await until(lambda before=before: shortened(agent, before), 30.0)
        watching.cancel()
        told = await agent.metrics()
        assert process.poll() is None, agent.log
    print(
        f"{count:,} connections held: {max(seen) / 2**20:.0f} MiB at most, {told['ebpf_connections_shed_total']:,} shed"
    )
    assert max(seen) < LIMIT
    assert told["memory_limit_bytes"] == LIMIT
    assert told["memory_collections_total"] > 0
    assert told["ebpf_connections"] <= told["ebpf_connections_limit"] < CONNECTIONS + MOST


async def shed(agent):
    """The agent's metrics, once many connections were shed."""
    told = await agent.metrics()
    return told if told.get("ebpf_connections_shed_total", 0.0) >= MANY else None


async def shortened(agent, before):
    return (await agent.metrics()).get("host_sockets_shortened_total", 0.0) > before
