"""How this process is doing: the `process.*` metrics, read from /proc."""

from __future__ import annotations

import os
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from opentelemetry import metrics
from opentelemetry.metrics import CallbackOptions, Observation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class CpuMeter:
    """The share of one core used since the previous reading: 1.0 is one core fully busy."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.monotonic(), time.process_time()

    def read(self) -> float:
        """Return the utilisation since the last call."""
        wall, cpu = time.monotonic(), time.process_time()
        share = (cpu - self._cpu) / max(wall - self._wall, 1e-6)
        self._wall, self._cpu = wall, cpu
        return share


def resident_bytes() -> int:
    """Return the physical memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES


def count_entries(folder: Path) -> int:
    """Return how many entries a folder of /proc has."""
    return sum(1 for _ in folder.iterdir())


def observe(read: Callable[[], float]) -> list[Callable[[CallbackOptions], Iterable[Observation]]]:
    """Return the callbacks of an instrument whose single value is `read()`."""
    return [lambda _options: [Observation(read())]]


def export() -> None:
    """Register the process's gauges with the meter provider."""
    meter = metrics.get_meter("shop")
    meter.create_observable_gauge("process.cpu.utilization", observe(CpuMeter().read), "1")
    meter.create_observable_up_down_counter("process.memory.usage", observe(resident_bytes), "By")
    for name, folder in (("open_file_descriptor", "fd"), ("thread", "task")):
        entries = partial(count_entries, Path("/proc/self", folder))
        meter.create_observable_up_down_counter(f"process.{name}.count", observe(entries))
