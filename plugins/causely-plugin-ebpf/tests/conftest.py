"""A watcher that really watches this machine, and servers for it to see."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import time
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
import structlog
from attrs import define, evolve, field
from causely_plugin_ebpf.checks import lacking
from causely_plugin_ebpf.config import EbpfConfig
from causely_plugin_ebpf.watcher import Watcher
from opentelemetry.metrics import NoOpMeter

from causely_core.hookspecs import HookContext
from causely_core.host import HostRoot, Machine
from causely_core.model import SystemClock, Topology

DEADLINE = 30.0


@define
class Watching:
    """A running watcher, and all that it has told."""

    watcher: Watcher
    topology: Topology = field(factory=Topology)
    values: list = field(factory=list)

    async def observe(self):
        async for batch in self.watcher.observe():
            self.values.extend((row.series.entity, row.series.attribute, row.value) for row in batch)

    async def discover(self):
        version = 0
        async for delta in self.watcher.discover():
            version += 1
            self.topology.apply(evolve(delta, version=version))

    def total(self, entity, attribute):
        """The sum of what was told of an attribute."""
        return sum(value for of, name, value in self.values if (of, name) == (entity, attribute))

    def counted(self):
        return {entity: self.total(entity, "request_count") for entity in sorted({row[0] for row in self.values})}

    def all(self, entity, attribute):
        return [value for of, name, value in self.values if (of, name) == (entity, attribute)]

    async def until(self, condition):
        deadline = time.monotonic() + DEADLINE
        while not condition():
            assert time.monotonic() < deadline, f"waited in vain; seen: {self.counted()}"
            await asyncio.sleep(0.05)


@asynccontextmanager
async def _running(work):
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture(scope="session")
def compiled(tmp_path_factory):
    """A folder in which programs stay compiled from test to test."""
    folder = tmp_path_factory.getbasetemp().parent / "ebpf"
    folder.mkdir(exist_ok=True)
    missing = list(lacking(Path("/"), folder))
    if missing:
        pytest.skip("eBPF: " + "; ".join(missing))
    return folder


@asynccontextmanager
async def begun(found):
    """A watcher that has begun, while the block lasts."""
    async with _running(found.observe()) as observing, _running(found.discover()):
        deadline = time.monotonic() + DEADLINE
        while not found.watcher.running and not observing.done():
            assert time.monotonic() < deadline, "the watcher does not begin"
            await asyncio.sleep(0.02)
        if observing.done():
            await observing
        yield found


@pytest.fixture
async def watching(compiled):
    """A watcher of this machine that has begun."""
    config = EbpfConfig(flush_interval=0.25, poll_interval=0.05)
    context = HookContext(
        "agent", config, SystemClock(), structlog.get_logger(), NoOpMeter("test"), compiled, cpu_budget=1.0
    )
    async with begun(Watching(Watcher(context, Machine.of(HostRoot())))) as found:
        yield found


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@asynccontextmanager
async def process(*command, port=0, **options):
    """A process; with ``port``, it listens there when the block begins."""
    started = subprocess.Popen(  # noqa: ASYNC220 (it takes no time, and is to end with the block)
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **options
    )
    try:
        deadline = time.monotonic() + DEADLINE
        while port:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0):
                break
            assert started.poll() is None, f"{command[0]} has ended"
            assert time.monotonic() < deadline, f"{command[0]} does not listen"
            await asyncio.sleep(0.02)
        yield started
    finally:
        started.terminate()
        started.wait()


async def run(*command, **environment):
    """Run a command to its end; returns what it prints."""
    started = await asyncio.create_subprocess_exec(
        *map(str, command), stdout=asyncio.subprocess.PIPE, env={**os.environ, **environment}
    )
    said, _ = await started.communicate()
    assert started.returncode == 0, f"{command[0]} ended with {started.returncode}"
    return said.decode()


def program(name, package):
    """The path of a program; the test skips without it."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin:/usr/lib/postgresql/15/bin")
    if found is None:
        pytest.skip(f"{name} is not installed (Debian's {package})")
    return found


@pytest.fixture
async def nginx(tmp_path):
    """The port of an nginx that answers everything, ``/bad`` with 503."""
    port, path = free_port(), program("nginx", "nginx-light")
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; worker_processes 1; pid {tmp_path}/pid; error_log {tmp_path}/errors; events {{}}"
        f" http {{ access_log off; client_body_temp_path {tmp_path}/body; server {{ listen 127.0.0.1:{port};"
        ' location / { return 200 "hello\\n"; } location /bad { return 503; } } }'
    )
    async with process(path, "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path), port=port):
        yield port
