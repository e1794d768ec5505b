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
from causely_plugin_ebpf.kernel.sources import Sight, source
from causely_plugin_ebpf.watcher import Watcher
from opentelemetry.metrics import NoOpMeter

from causely_core.hookspecs import HookContext
from causely_core.host import HostRoot, Machine
from causely_core.model import SystemClock, Topology

DEADLINE = 30.0
CALLER = f"caller-{os.getpid()}"
"""The name of a service, that nobody else on this machine has while these tests run."""

WEB = "nginx"
"""The service of the nginx, which covers what its environment might say of its name."""


def named(name):
    """An environment that tells a process its service's name."""
    return {**os.environ, "OTEL_SERVICE_NAME": name}


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

    def failed(self, entity):
        """How many requests to an entity have failed: shares and counts are told together."""
        shares, counts = self.all(entity, "error_rate"), self.all(entity, "request_count")
        return round(sum(share * count for share, count in zip(shares, filter(None, counts), strict=True)))

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


@pytest.fixture(params=[Sight.SOCKETS, Sight.SYSCALLS])
def sight(request):
    """Where connections are seen: in both ways, where the kernel can."""
    try:
        source(request.param)
    except ValueError as problem:
        pytest.skip(str(problem))
    return request.param


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
async def watching(compiled, sight):
    """A watcher of this machine that has begun."""
    config = EbpfConfig(sight=sight, flush_interval=0.25, poll_interval=0.05)
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


async def run(*command, name=CALLER):
    """Run a command to its end, as a service of this name; returns what it prints."""
    started = await asyncio.create_subprocess_exec(*map(str, command), stdout=asyncio.subprocess.PIPE, env=named(name))
    said, _ = await started.communicate()
    assert started.returncode == 0, f"{command[0]} ended with {started.returncode}"
    return said.decode()


def program(name, package):
    """The path of a program; the test skips without it."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin:/usr/lib/postgresql/15/bin")
    if found is None:
        pytest.skip(f"{name} is not installed (Debian's {package})")
    return found


@asynccontextmanager
async def nginx_in(folder, listen="", more=""):
    """An nginx with its files in ``folder``; gives its port."""
    port, path = free_port(), program("nginx", "nginx-light")
    (folder / "nginx.conf").write_text(
        f"daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/errors; events {{}}"
        f" http {{ access_log off; client_body_temp_path {folder}/body;"
        f" server {{ listen 127.0.0.1:{port} {listen}; {more}"
        ' location / { return 200 "hello\\n"; } location /bad { return 503; } } }'
    )
    async with process(path, "-c", str(folder / "nginx.conf"), "-p", str(folder), port=port):
        yield port


@pytest.fixture
async def nginx(tmp_path):
    """The port of an nginx that answers everything, ``/bad`` with 503."""
    async with nginx_in(tmp_path) as port:
        yield port


@pytest.fixture
async def encrypting_nginx(tmp_path):
    """Likewise, over HTTPS."""
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subject = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=localhost")
    await run(program("openssl", "openssl"), "req", "-x509", *subject, "-keyout", key, "-out", certificate)
    async with nginx_in(tmp_path, "ssl", f"ssl_certificate {certificate}; ssl_certificate_key {key};") as port:
        yield port
