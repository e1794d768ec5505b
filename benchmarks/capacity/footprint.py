"""What a process takes."""

from __future__ import annotations

import re
from pathlib import Path

import psutil
from attrs import frozen

_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)
_MIB = 2**20


@frozen
class Footprint:
    """Of one process until now.

    Attributes:
        resident: MiB now.
        peak: MiB at most.
        seconds: of a processor core.
    """

    resident: float
    peak: float
    seconds: float

    @classmethod
    def of(cls, process: psutil.Process) -> Footprint:
        """Look at a process that runs."""
        peak = _PEAK.search(Path(f"/proc/{process.pid}/status").read_text())
        times = process.cpu_times()
        return cls(process.memory_info().rss / _MIB, int(peak[1]) / 1024 if peak else 0.0, times.user + times.system)

    def __str__(self) -> str:
        """Three columns."""
        return f"{self.resident:8,.0f}  {self.peak:8,.0f}  {self.seconds:7.1f}"
