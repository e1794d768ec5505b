"""The watcher on this machine: what real servers are asked by real clients. As root, with bcc; else these skip."""

import asyncio
import json
import os
import subprocess
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import structlog
from causely_plugin_ebpf import EbpfConfig, EbpfPlugin
from causely_plugin_ebpf.locating import Locator
from causely_plugin_ebpf.watcher import Watcher
from opentelemetry.metrics import NoOpMeter

from causely_core.hookspecs import HookContext, MemoryPressure
from causely_core.host import HostRoot, Machine, Processes
from causely_core.model import Relation, SystemClock

from .conftest import CALLER, DEADLINE, WEB, Watching, begun, free_port, named, nginx_in, process, program, run

LOAD, GRPC = (str(Path(__file__).parent / name) for name in ("load.py", "grpc_pair.py"))


async def test_rates_errors_and_durations_are_those_that_the_client_sees(watching, nginx):
    said = json.loads(await run(sys.executable, LOAD, nginx, "/users/42", 400, 4))
    edge = f"Dependency:{CALLER} > Service:{WEB}"
    await watching.until(lambda: watching.total(edge, "request_count") >= said["count"])
    assert watching.total(f"Service:{WEB}", "request_count") == said["count"]
    assert watching.total(f"Operation:{WEB}:GET /users/{{id}}", "request_count") == said["count"]
    assert watching.total(f"Service:{CALLER}", "client_request_count") == said["count"]
    durations = sorted(watching.all(edge, "request_duration.p50"))
    assert durations[len(durations) // 2] < said["p50"] < 10 * durations[len(durations) // 2]
    call = Relation(f"Service:{CALLER}", "calls", f"Service:{WEB}")
    await watching.until(lambda: call in watching.topology.relations)


async def test_what_a_server_fails_is_told_exactly(watching, nginx):
    for path in ["/bad"] * 3 + ["/"] * 5:
        await run(sys.executable, LOAD, nginx, path, 4, 0.9)
    failing, sound = f"Operation:{WEB}:GET /bad", f"Operation:{WEB}:GET /"
    for operation, runs in ((failing, 3), (sound, 5)):
        await watching.until(lambda operation=operation, runs=runs: watching.total(operation, "request_count") >= runs)
    assert set(watching.all(failing, "error_rate")) == {1.0}
    assert set(watching.all(sound, "error_rate")) == {0.0}


async def test_what_is_encrypted_is_told_as_well(watching, encrypting_nginx):
    curl, place = program("curl", "curl"), f"https://127.0.0.1:{encrypting_nginx}"
    for path in ("/carts/1", "/carts/2", "/bad", "/bad", "/bad"):
        await run(curl, "--insecure", "--silent", "--http1.1", f"{place}{path}")
    await watching.until(lambda: watching.total(f"Service:{WEB}", "request_count") >= 5)
    assert watching.total(f"Operation:{WEB}:GET /carts/{{id}}", "request_count") == 2
    assert watching.total(f"Operation:{WEB}:GET /bad", "request_count") == 3
    assert set(watching.all(f"Operation:{WEB}:GET /bad", "error_rate")) == {1.0}


async def test_who_asks_over_tls_is_told(watching, encrypting_nginx):
    script = (
        "import ssl,sys,http.client\n"
        "asking=http.client.HTTPSConnection('127.0.0.1',int(sys.argv[1]),context=ssl._create_unverified_context())\n"
        "for _ in range(20): asking.request('GET','/'), asking.getresponse().read()\nsys.stdin.read()"
    )
    edge = f"Dependency:{CALLER} > Service:{WEB}"
    command = (sys.executable, "-c", script, str(encrypting_nginx))
    async with process(*command, stdin=subprocess.PIPE, env=named(CALLER)):
        await watching.until(lambda: watching.total(edge, "request_count") >= 20)


async def test_calls_over_grpc_are_told_with_their_status_by_both_ends(watching):
    port, server = free_port(), f"cart-{os.getpid()}"
    async with process(sys.executable, GRPC, "serve", str(port), port=port, env=named(server)):
        command = (sys.executable, GRPC, "ask", str(port), "40")
        async with process(*command, stdin=subprocess.PIPE, env=named(CALLER)):
            operation, edge = f"Operation:{server}:shop.Cart/Get", f"Dependency:{CALLER} > Service:{server}"
            for entity in (operation, edge):
                await watching.until(lambda entity=entity: watching.total(entity, "request_count") >= 40)
                assert watching.total(entity, "request_count") == 40
                assert watching.failed(entity) == 10


async def test_connections_to_a_server_that_is_gone_are_told(watching, tmp_path):
    script = (
        "import sys,time,urllib.request\nwhile True:\n"
        "  try: urllib.request.urlopen('http://127.0.0.1:'+sys.argv[1]).read()\n  except OSError: pass\n"
        "  time.sleep(0.02)"
    )
    async with AsyncExitStack() as clients:
        async with nginx_in(tmp_path) as port:
            command = (sys.executable, "-c", script, str(port))
            await clients.enter_async_context(process(*command, env=named(CALLER)))
            await watching.until(lambda: watching.total(f"Dependency:{CALLER} > Service:{WEB}", "request_count") >= 3)
        await watching.until(lambda: 1.0 in watching.all(f"Service:{WEB}", "unreachable_rate"))
    assert 1.0 in watching.all(f"Service:{CALLER}", "client_error_rate")


async def test_a_cache_is_told_by_those_who_ask_it(watching, tmp_path):
    port, server = free_port(), program("redis-server", "redis-server")
    client = program("redis-cli", "redis-tools")
    async with process(server, "--port", str(port), "--save", "", "--dir", str(tmp_path), port=port):
        # At a pace that leaves room for all of it while other tests keep the machine busy.
        for command in (("SET", "key", "value"), ("GET", "key")):
            await run(client, "-p", port, "-r", 400, "-i", 0.002, *command)
        store = f"Cache:redis/127.0.0.1:{port}"
        await watching.until(lambda: watching.total(store, "request_count") >= 800)
    key = f"Operation:redis/127.0.0.1:{port}"
    assert watching.total(f"{key}:GET", "request_count") == watching.total(f"{key}:SET", "request_count") == 400


def test_a_connection_that_was_opened_unseen_is_located():
    script = (
        "import socket,sys\nserver=socket.create_server(('127.0.0.1',0))\n"
        "client=socket.create_connection(server.getsockname())\nheld,_=server.accept()\n"
        "print(server.getsockname()[1],client.fileno(),held.fileno(),flush=True)\nsys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdin=-1, stdout=-1, text=True) as held:
        port, client, server = map(int, held.stdout.readline().split())
        process = Processes(HostRoot()).of(held.pid)
        found, deadline = {}, time.monotonic() + DEADLINE
        # The kernel's table is told in pieces, between which others move: now and then one is not in it.
        while {client, server} - found.keys() and time.monotonic() < deadline:
            found |= {each.fd: each for each in Locator(HostRoot(), 10).open([process])}
        held.stdin.close()
    assert found[client].remote.port == found[server].local.port == port
    assert not found[client].serves
    assert found[server].serves


@pytest.mark.parametrize("component", ["mediator", "analyzer", "executor"])
def test_only_the_agent_watches(component, tmp_path):
    context = HookContext(component, EbpfConfig(), SystemClock(), None, NoOpMeter("test"), tmp_path)
    assert EbpfPlugin().causely_collectors(context) == EbpfPlugin().causely_discoverers(context) == []


ASKING = """
import socket, sys
held = [socket.create_connection(("127.0.0.1", int(sys.argv[1]))) for _ in range(int(sys.argv[2]))]
for line in sys.stdin:
    for each in held:
        each.sendall(b"GET /held HTTP/1.1\\r\\nHost: held\\r\\n\\r\\n")
        assert each.recv(4096).startswith(b"HTTP/1.1 200")
    print("asked", flush=True)
"""


@pytest.mark.slow
async def test_connections_that_were_shed_are_followed_again_when_memory_is_there(compiled, sight, nginx):
    pressure, many = [MemoryPressure.NONE], 300
    context = HookContext(
        "agent",
        EbpfConfig(sight=sight, flush_interval=0.25, poll_interval=0.05),
        SystemClock(),
        structlog.get_logger(),
        NoOpMeter("test"),
        compiled,
        cpu_budget=1.0,
        memory_pressure=lambda: pressure[0],
    )
    command = [sys.executable, "-c", ASKING, str(nginx), str(many)]
    async with (
        begun(Watching(Watcher(context, Machine.of(HostRoot())))) as watching,
        process(*command, stdin=subprocess.PIPE, env=named(CALLER)) as asking,
    ):
        connections, edge = watching.watcher.feed.connections, f"Dependency:{CALLER} > Service:{WEB}"

        async def ask():
            asking.stdin.write(b"\n")
            asking.stdin.flush()
            assert await asyncio.to_thread(asking.stdout.readline) == b"asked\n"

        await ask()
        await watching.until(lambda: watching.total(edge, "request_count") == many)
        pressure[0] = MemoryPressure.SHED
        await watching.until(lambda: connections.forgotten > 2 * many // 8)
        pressure[0] = MemoryPressure.NONE
        before = watching.watcher.resumed
        # Not all of them were these: some were of no known protocol, and are let go for good.
        await watching.until(lambda: watching.watcher.resumed - before >= many // 8)
        await ask()
        await watching.until(lambda: watching.total(edge, "request_count") == 2 * many)
        assert watching.total(f"Service:{WEB}", "request_count") == 2 * many
