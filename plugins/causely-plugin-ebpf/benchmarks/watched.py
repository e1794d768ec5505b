"""A watcher in a process of its own, for benchmarks: what it says, and what it takes.

``python watched.py BUDGET FOLDER`` watches until it is ended, and prints a line of JSON with each batch.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread
from types import TracebackType

import psutil
import structlog
from attrs import evolve
from causely_plugin_ebpf.checks import lacking
from causely_plugin_ebpf.config import EbpfConfig
from causely_plugin_ebpf.watcher import Watcher
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from causely_core.hookspecs import HookContext
from causely_core.host import HostRoot, Machine
from causely_core.model import SystemClock, Topology

BEGINS = 60.0
"""Seconds that compiling and looking at what is there may take."""


class Watched:
    """Watches while a ``with`` block runs; it has begun when the block does.

    Attributes:
        said: the watcher's last line: its counters and gauges, ``entities``, and ``values`` in its last batch.
    """

    def __init__(self, budget: float, folder: Path) -> None:
        """Of this share of a processor; ``folder`` keeps compiled programs."""
        self.said: dict[str, int] = {}
        self._command = [sys.executable, __file__, str(budget), str(folder)]

    def __enter__(self) -> Watched:
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)
        self._counted = psutil.Process(self._process.pid)
        Thread(target=self._listen, daemon=True).start()
        until = time.monotonic() + BEGINS
        while not self.said:
            if self._process.poll() is not None or time.monotonic() > until:
                self._process.kill()
                sys.exit("the watcher does not begin")
            time.sleep(0.05)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait()

    @property
    def megabytes(self) -> float:
        """Resident memory."""
        return float(self._counted.memory_info().rss / 1e6)

    @property
    def seconds(self) -> float:
        """Of a processor, used since its start."""
        used = self._counted.cpu_times()
        return float(used.user + used.system)

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self.said = json.loads(line)


async def watch(budget: float, folder: Path) -> None:
    """Watch this machine; print what the watcher tells of itself with each batch."""
    reader = InMemoryMetricReader()
    meter = MeterProvider([reader]).get_meter("benchmark")
    context = HookContext(
        "agent", EbpfConfig(), SystemClock(), structlog.get_logger(), meter, folder, cpu_budget=budget
    )
    watcher, topology = Watcher(context, Machine.of(HostRoot())), Topology()

    async def discover() -> None:
        version = 0
        async for delta in watcher.discover():
            version += 1
            topology.apply(evolve(delta, version=version))

    discovering = asyncio.create_task(discover())
    async for batch in watcher.observe():
        values = sum(1 for _ in batch)
        print(json.dumps({**numbers(reader), "entities": len(topology.entities), "values": values}), flush=True)
    discovering.cancel()


def numbers(reader: InMemoryMetricReader) -> dict[str, int]:
    """The watcher's own metrics, by the ends of their names."""
    data = reader.get_metrics_data()
    metrics = [metric for of in data.resource_metrics for scope in of.scope_metrics for metric in scope.metrics]
    return {each.name.removeprefix("causely.ebpf."): each.data.data_points[0].value for each in metrics}


def main() -> None:
    """Watch, unless something is missing."""
    budget, folder = float(sys.argv[1]), Path(sys.argv[2])
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    missing = list(lacking(Path("/"), folder))
    if missing:
        sys.exit("; ".join(missing))
    asyncio.run(watch(budget, folder))


if __name__ == "__main__":
    main()
