"""What the watcher tells of rates and durations beside what the load generators say. Prints figures, asserts nothing.

    python benchmarks/exactness.py [--seconds 10]

wrk asks nginx 1,000 times a second (ten connections that wait 10 ms in between), every tenth request in vain; pgbench
sends 1,000 statements a second to PostgreSQL; redis-benchmark asks Redis as fast as it can. Counts are compared in all,
durations as the median over the watcher's intervals of p50 and p95. Runs as root, PostgreSQL as its own user.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import pwd
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import structlog
from causely_plugin_ebpf.checks import lacking
from causely_plugin_ebpf.config import EbpfConfig
from causely_plugin_ebpf.watcher import Watcher
from opentelemetry.metrics import NoOpMeter

from causely_core.hookspecs import HookContext
from causely_core.host import HostRoot, Machine
from causely_core.model import SystemClock

PLACES = f"{os.environ['PATH']}:/usr/sbin:/usr/lib/postgresql/15/bin"
SETTLES, STARTS = 5.0, 30.0
WRK = """
local number = 0
request = function() number = number + 1
  return wrk.format("GET", number % 10 == 0 and "/missing" or "/items/" .. number) end
delay = function() return 9 end
done = function(summary, latency)
  io.write(string.format("TOLD %d %d %f %f\\n", summary.requests, summary.errors.status,
    latency:percentile(50), latency:percentile(95))) end
"""


class Told:
    """What a watcher in this process tells, all in all."""

    def __init__(self, folder: Path) -> None:
        """Watch from now on, with compiled programs in ``folder``."""
        self.values: dict[tuple[str, str], list[float]] = defaultdict(list)
        context = HookContext(
            "agent", EbpfConfig(), SystemClock(), structlog.get_logger(), NoOpMeter("b"), folder, cpu_budget=1.0
        )
        self.watcher = Watcher(context, Machine.of(HostRoot()))
        Thread(target=lambda: asyncio.run(self._watch()), daemon=True).start()
        wait(lambda: self.watcher.running, "the watcher")

    async def _watch(self) -> None:
        async for batch in self.watcher.observe():
            for row in batch:
                self.values[row.series.entity, row.series.attribute].append(row.value)

    def count(self, entity: str) -> float:
        """Requests to an entity."""
        return sum(self.values[entity, "request_count"])

    def micros(self, entity: str, quantile: str) -> float:
        """The median of a quantile of durations, in microseconds."""
        found = self.values[entity, f"request_duration.{quantile}"]
        return statistics.median(found) * 1e6 if found else float("nan")

    def failed(self, entity: str) -> float:
        """Requests to an entity that failed."""
        counts = [count for count in self.values[entity, "request_count"] if count]
        return sum(rate * count for rate, count in zip(self.values[entity, "error_rate"], counts, strict=True))


def main() -> None:
    """Run all three."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=10)
    seconds = parser.parse_args().seconds
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        missing = list(lacking(Path("/"), folder))
        if missing:
            sys.exit("; ".join(missing))
        print(f"{'':12}{'requests':>18}{'p50, us':>20}{'p95, us':>20}")
        for measure in (http, postgresql, redis):
            measure(folder, seconds)


def http(folder: Path, seconds: int) -> None:
    """Nginx, by wrk."""
    port, script = free_port(), folder / "wrk.lua"
    script.write_text(WRK)
    (folder / "nginx.conf").write_text(
        f"daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/errors; events {{}} http {{ access_log"
        f" off; server {{ listen 127.0.0.1:{port}; location / {{ return 200 ok; }} location /missing"
        " { return 503; } } }"
    )
    with running("nginx", "-c", f"{folder}/nginx.conf", "-p", str(folder), port=port):
        told = Told(folder)
        command = ("wrk", "-t1", "-c10", f"-d{seconds}s", "-s", str(script), f"http://127.0.0.1:{port}")
        count, failed, p50, p95 = map(float, re.search(r"TOLD (.*)", run(*command))[1].split())
        time.sleep(SETTLES)
    edge = next(entity for entity, _ in told.values if entity.startswith("Dependency:wrk > "))
    show("HTTP", told, edge, (count, p50, p95))
    print(f"{'  failed':12}{told.failed(edge):9.0f}/{failed:<8.0f}")


def postgresql(folder: Path, seconds: int) -> None:
    """PostgreSQL, by pgbench: 1,000 statements a second."""
    data, port, owner = folder / "data", str(free_port()), pwd.getpwnam("postgres")
    data.mkdir()
    os.chown(data, owner.pw_uid, owner.pw_gid)
    as_owner = {"user": owner.pw_uid, "group": owner.pw_gid, "cwd": data}
    run("initdb", "-D", f"{data}/db", "-A", "trust", "-U", "postgres", **as_owner)
    server = ("postgres", "-D", f"{data}/db", "-p", port, "-k", str(data), "-c", "listen_addresses=127.0.0.1")
    with running(*server, port=int(port), **as_owner):
        common = ("-h", "127.0.0.1", "-p", port, "-U", "postgres")
        run("pgbench", *common, "-i", "-q", "postgres", **as_owner)
        told = Told(folder)
        load = ("pgbench", *common, "-S", "-n", "-c", "4", "-R", "1000", "-T", str(seconds), "-l", "postgres")
        run(*load, **as_owner)
        time.sleep(SETTLES)
    # client, number, time from the planned start on, script, epoch, microseconds, and how late it was started
    took = [line.split() for log in data.glob("pgbench_log*") for line in log.read_text().splitlines()]
    micros = sorted(float(words[2]) - float(words[6]) for words in took)
    edges = [entity for entity, _ in told.values if entity.startswith("Dependency:pgbench > Database:")]
    show("PostgreSQL", told, max(edges, key=told.count), (len(micros), at(micros, 0.5), at(micros, 0.95)))


def redis(folder: Path, _: int) -> None:
    """Redis, by redis-benchmark, with one client so that it tells of the server and not of its own queue.

    It cannot be told to ask slowly: no more requests than there is room for, if none of them were read meanwhile.
    """
    port, requests = str(free_port()), 4000
    with running("redis-server", "--port", port, "--save", "", "--dir", str(folder), port=int(port)):
        told = Told(folder)
        said = run("redis-benchmark", "-p", port, "-n", str(requests), "-c", "1", "-t", "get", "--csv")
        time.sleep(SETTLES)
    millis = [float(each) for each in re.search(r'^"GET",(.*)', said, re.MULTILINE)[1].replace('"', "").split(",")]
    edge = next(entity for entity, _ in told.values if entity.startswith("Dependency:redis-benchmark > "))
    show("Redis", told, edge, (requests, millis[3] * 1e3, millis[4] * 1e3))


def show(name: str, told: Told, entity: str, said: tuple[float, float, float]) -> None:
    """One line: what is told by what is said."""
    count, p50, p95 = said
    pairs = (told.count(entity), count), (told.micros(entity, "p50"), p50), (told.micros(entity, "p95"), p95)
    print(f"{name:12}" + "".join(f"{ours:9.0f}/{theirs:<7.0f}{ours / theirs - 1:+.1%}" for ours, theirs in pairs))


def at(ordered: list[float], quantile: float) -> float:
    """A quantile of ordered values."""
    return ordered[min(int(len(ordered) * quantile), len(ordered) - 1)]


@contextmanager
def running(*command: str, port: int, **options: object) -> Iterator[None]:
    """A server, which listens when the block begins."""
    server = subprocess.Popen([program(command[0]), *command[1:]], stdout=-3, stderr=-3, **options)
    try:
        wait(lambda: listens(port), command[0])
        yield
    finally:
        server.terminate()
        server.wait()


def run(*command: str, **options: object) -> str:
    """What a command prints."""
    done = subprocess.run([program(command[0]), *command[1:]], stdout=-1, stderr=-3, text=True, check=True, **options)
    return str(done.stdout)


def program(name: str) -> str:
    """The path of a program."""
    return shutil.which(name, path=PLACES) or sys.exit(f"{name} is not installed")


def listens(port: int) -> bool:
    """Whether somebody does."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0):
        return True
    return False


def wait(until: Callable[[], bool], what: str) -> None:
    """Until a condition holds."""
    deadline = time.monotonic() + STARTS
    while not until():
        if time.monotonic() > deadline:
            sys.exit(f"{what} does not begin")
        time.sleep(0.05)


def free_port() -> int:
    """One that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


if __name__ == "__main__":
    main()
