"""What servers at full load lose by being watched: interleaved pairs with and without. Prints figures, asserts nothing.

    python benchmarks/overhead.py [--pairs 5] [--budget 0.02] [--settles 8]

Takes nginx, wrk, redis-server and redis-benchmark. Of each pair, the watcher is on first in every other one.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import frozen
from churn import free_port, listens
from watched import Watched

WARM_UP = 1.5
"""Seconds of the same load before what is measured."""

NGINX = """
daemon off; worker_processes {workers}; pid {folder}/pid; error_log {folder}/errors;
events {{ worker_connections 768; }}
http {{
  access_log {log}; client_body_temp_path {folder}/body; sendfile on; tcp_nopush on; gzip on;
  server {{ listen 127.0.0.1:{port}; root {folder}; location / {{ {answer} }} }}
}}
"""

PAGE = "<html>" + "x" * 600 + "</html>"


@frozen
class Workload:
    """A server, and what asks it.

    Attributes:
        port: where the server listens.
        server: its command.
        endless: a load that goes on until it is ended.
        measured: the same, for a while.
        rate: finds requests a second in what ``measured`` prints.
    """

    name: str
    port: int
    server: list[str]
    endless: list[str]
    measured: list[str]
    rate: str


def web(folder: Path) -> Workload:
    """Nginx as Debian configures it: a worker for each processor, a page from a file, and a log of all requests."""
    (folder / "index.html").write_text(PAGE)
    return nginx(
        "wrk to nginx", folder, ("-t2", "-c64"), workers="auto", log=f"{folder}/log", answer="index index.html;"
    )


def bare(folder: Path) -> Workload:
    """Nginx with all left out that takes time: what comes before and after a request is nearly all there is."""
    return nginx("wrk to bare nginx", folder, ("-t1", "-c16"), workers=1, log="off", answer='return 200 "hello\\n";')


def nginx(name: str, folder: Path, load: tuple[str, ...], **settings: object) -> Workload:
    """Nginx with these settings, asked by wrk."""
    port = free_port()
    (folder / f"{port}.conf").write_text(NGINX.format(folder=folder, port=port, **settings))
    server = [found("nginx"), "-c", f"{folder}/{port}.conf", "-p", str(folder)]
    asks = [found("wrk"), *load, f"http://127.0.0.1:{port}/"]
    return Workload(name, port, server, [*asks, "-d600s"], [*asks, "-d4s"], r"Requests/sec:\s+([\d.]+)")


def store(folder: Path) -> Workload:
    """Redis, asked by its own benchmark."""
    port = free_port()
    server = [found("redis-server"), "--port", str(port), "--save", "", "--dir", str(folder)]
    asks = [found("redis-benchmark"), "-p", str(port), "-n", "300000", "-c", "50", "-t", "get,set", "-q"]
    rate = r"([\d.]+) requests per second"
    return Workload("redis-benchmark to redis", port, server, [*asks, "-l"], asks, rate)


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--budget", type=float, default=0.02, help="of one processor, for the watcher")
    parser.add_argument("--settles", type=float, default=8.0, help="seconds of load in which the budget takes effect")
    wanted = parser.parse_args()
    print(f"before: a load of {os.getloadavg()[0]:.2f} on {os.cpu_count()} processors")
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # for nginx's worker, which is not root
        for workload in (web(folder), bare(folder), store(folder)):
            with running(workload.server):
                listens(workload.port)
                compare(workload, wanted.pairs, wanted.budget, wanted.settles, folder)


def compare(workload: Workload, pairs: int, budget: float, settles: float, folder: Path) -> None:
    """Print a line for each pair, and the median."""
    ratios = []
    for number in range(pairs):
        rates = {}
        for watches in (number % 2 == 0, number % 2 == 1):
            rates[watches] = watched(workload, budget, settles, folder) if watches else measured(workload)
        ratios.append(rates[True] / rates[False])
        print(f"{workload.name}: {rates[False]:,.0f} a second without, {rates[True]:,.0f} with: {ratios[-1]:.3f}")
    print(f"{workload.name}: median of {pairs} pairs {statistics.median(ratios):.3f}", flush=True)


def watched(workload: Workload, budget: float, settles: float, folder: Path) -> float:
    """Requests a second while a watcher runs that has settled; prints what this takes."""
    with Watched(budget, folder) as watcher:
        load(workload, settles)
        began, used = time.monotonic(), watcher.seconds
        rate = measured(workload)
        share, one_of = (watcher.seconds - used) / (time.monotonic() - began), watcher.said["requests.one_of"]
        print(f"  watcher: {share:.1%} of a core, {watcher.megabytes:.1f} MB, one request of {one_of:,}")
    return rate


def measured(workload: Workload) -> float:
    """Requests a second; of several kinds that come one after the other, as if of one."""
    load(workload, WARM_UP)
    said = subprocess.run(workload.measured, capture_output=True, text=True, check=True).stdout
    return statistics.harmonic_mean([float(rate) for rate in re.findall(workload.rate, said)])


def load(workload: Workload, seconds: float) -> None:
    """Let the load go on for so long."""
    with running(workload.endless):
        time.sleep(seconds)


@contextmanager
def running(command: list[str]) -> Iterator[None]:
    """A process that ends with the block."""
    started = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        started.terminate()
        started.wait()


def found(program: str) -> str:
    """Its path."""
    path = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    return path or sys.exit(f"{program} is not installed; on Debian: nginx-light, wrk, redis-server, redis-tools")


if __name__ == "__main__":
    main()
