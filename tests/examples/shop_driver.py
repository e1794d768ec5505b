"""Starts the shop as a user would and talks to its control API."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.request import Request, urlopen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

SHOP_FOLDER = Path(__file__).parents[2] / "examples" / "shop"

# Short delays make a condition visible soon, so that tests need not wait for it.
FAST_EXPORT = {
    "OTEL_METRIC_EXPORT_INTERVAL": "300",
    "OTEL_BSP_SCHEDULE_DELAY": "150",
    "OTEL_BLRP_SCHEDULE_DELAY": "150",
}


class Shop:
    """A running shop."""

    def __init__(self, endpoint: str, data_dir: Path, database: str, rate: float = 16.0) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "shop", "--otlp-endpoint", endpoint, "--data-dir", str(data_dir),
             "--database", database, "--rate", str(rate)],
            stdout=subprocess.PIPE, env={**os.environ, **FAST_EXPORT, "PYTHONPATH": str(SHOP_FOLDER)},
        )  # fmt: skip
        assert self.process.stdout is not None
        self.whereabouts: dict[str, Any] = json.loads(self.process.stdout.readline())

    def call(self, method: str, path: str) -> Any:
        with urlopen(Request(self.whereabouts["control"] + path, method=method), timeout=20) as answer:
            return json.load(answer)

    @contextmanager
    def fault(self, name: str) -> Iterator[float]:
        """Inject a fault for a while; yields since when it is there."""
        try:
            yield self.call("POST", f"/faults/{name}")["injected_at"]
        finally:
            self.call("DELETE", f"/faults/{name}")

    def pids(self) -> list[int]:
        return list(self.whereabouts["services"].values())

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        code = self.process.wait(timeout=10)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


def eventually(condition: Callable[[], T], what: str, seconds: float = 20.0) -> T:
    """Return what the condition gave as soon as it holds; fail past the deadline."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.05)
    return found


def running(pid: int) -> bool:
    """Return whether a process exists and is not merely waiting to be reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
