"""What is seen of real programs: locks, disks, deaths, and where they are busy."""

import asyncio
import os
import signal
import subprocess
import sys

import pytest

from causely_core.host import HostRoot, disks

from ..conftest import process

LIBRARIES = [("gcc", "gcc"), ("musl-gcc", "musl-tools")]


def named(name):
    """The environment of a service of this name."""
    return {**os.environ, "OTEL_SERVICE_NAME": name}


async def said(program, text):
    """Wait until a program prints a line."""
    line = await asyncio.to_thread(program.stdout.readline)
    assert line.strip() == text.encode()


@pytest.mark.parametrize(("compiler", "package"), LIBRARIES)
async def test_threads_that_take_turns_wait_for_locks(watching, built, compiler, package):
    async with process(built(compiler, package), "contend", "4", env=named("busy")) as program:
        await said(program, "running")
        await watching.until(lambda: max(watching.all("Service:busy", "lock_wait_share"), default=0) > 0.4)


@pytest.mark.parametrize(("compiler", "package"), LIBRARIES)
async def test_threads_that_wait_for_work_do_not(watching, built, compiler, package):
    path = built(compiler, package)
    async with (
        process(path, "stand-by", "8", env=named("idle")) as idle,
        process(path, "contend", "4", env=named("busy")) as busy,
    ):
        await said(idle, "running")
        await said(busy, "running")
        await watching.until(lambda: len(watching.all("Service:busy", "lock_wait_share")) > 4)
    assert max(watching.all("Service:idle", "lock_wait_share"), default=0) < 0.02


async def test_python_workers_that_wait_for_work_do_not(watching):
    pool = (
        "import queue, threading, time; q = queue.Queue()\n"
        "for _ in range(8): threading.Thread(target=lambda: [q.get() for _ in iter(int, 1)]).start()\n"
        "print('running', flush=True)\n"
        "while True: q.put(1); time.sleep(0.01)"
    )
    async with process(sys.executable, "-c", pool, env=named("pool")) as program:
        await said(program, "running")
        await watching.until(lambda: len(watching.all("Service:pool", "crash_count")) > 4)
    assert max(watching.all("Service:pool", "lock_wait_share"), default=0) < 0.1


async def test_what_is_written_to_a_disk_takes_time(watching, tmp_path):
    mounted = [disk.id for disk in disks(HostRoot(), os.uname().nodename)]
    if not mounted:
        pytest.skip("this machine has no disk")
    file = os.open(tmp_path / "file", os.O_CREAT | os.O_WRONLY)
    try:

        def written():
            os.pwrite(file, os.urandom(65536), 0)
            os.fsync(file)
            return any(0 < value < 60 for disk in mounted for value in watching.all(disk, "disk_io_duration.p95"))

        await watching.until(written)
    finally:
        os.close(file)


@pytest.mark.parametrize(
    ("number", "count"), [(signal.SIGSEGV, 1), (signal.SIGABRT, 1), (signal.SIGTERM, 0), (signal.SIGKILL, 0)]
)
async def test_a_process_that_a_signal_has_ended(watching, number, count):
    name = f"dies-by-{number.name.lower()}"
    async with process(sys.executable, "-c", "input()", env=named(name), stdin=subprocess.PIPE) as program:
        await watching.until(lambda: watching.all(f"Service:{name}", "crash_count"))
        os.kill(program.pid, number)
        await asyncio.to_thread(program.wait)
    told = len(watching.all("Service:marker", "crash_count"))
    async with process(sys.executable, "-c", "input()", env=named("marker"), stdin=subprocess.PIPE):
        await watching.until(lambda: len(watching.all("Service:marker", "crash_count")) > told + 1)
    assert watching.all(f"Service:{name}", "crash_count")[-1] == count


async def test_where_a_service_is_busy(watching, built):
    async with process(built("gcc", "gcc"), "contend", "1", env=named("hot")) as program:
        await said(program, "running")
        await watching.until(lambda: "Service:hot" in watching.topology.entities)
    attributes = watching.topology.entities["Service:hot"].attributes
    assert attributes["causely.cpu.hottest"] == "threads-gcc"
