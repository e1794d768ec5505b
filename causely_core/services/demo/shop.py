"""Starting the example shop and switching its faults."""

from __future__ import annotations

import json
import select
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from attrs import frozen

from causely_core.errors import UnavailableError
from causely_core.services.demo.process import child

START_SECONDS = 60.0
CHECKOUT = Path(__file__).parents[3] / "examples" / "shop"
PACKAGED = Path(__file__).parents[2] / "demo" / "shop_app"


@frozen
class Shop:
    """A running shop.

    Attributes:
        control: base URL of its control API.
        database: ``postgresql`` or ``sqlite``.
        services: process id by service name.
    """

    control: str
    database: str
    services: dict[str, int]

    def inject(self, fault: str) -> float:
        """Switch a fault on; returns when, in seconds since the epoch."""
        answer = httpx.post(f"{self.control}/faults/{fault}", timeout=30.0).raise_for_status()
        return float(answer.json()["injected_at"])

    def remove(self, fault: str) -> None:
        """Switch a fault off."""
        httpx.delete(f"{self.control}/faults/{fault}", timeout=30.0).raise_for_status()

    def faults(self) -> list[dict[str, str]]:
        """Name, description and place of every fault."""
        found: list[dict[str, str]] = httpx.get(f"{self.control}/faults", timeout=10.0).json()
        return found

    def users(self) -> dict[str, Any]:
        """What its users saw in the last seconds, by route."""
        seen: dict[str, Any] = httpx.get(f"{self.control}/users", timeout=10.0).json()
        return seen


@contextmanager
def running(data_dir: Path, otlp: str, silent: bool = False) -> Generator[Shop]:
    """Start the shop with files below ``data_dir``, exporting to ``otlp``, or nothing if ``silent``; stop it again.

    Raises:
        UnavailableError: it did not start in time; its log's last line says why.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    log = data_dir / "shop.log"
    command = [sys.executable, "-m", "shop", "--otlp-endpoint", otlp, "--data-dir", str(data_dir)]
    environment = {"PYTHONPATH": str(folder()), **({"OTEL_SDK_DISABLED": "true"} if silent else {})}
    with child(command, log, environment) as process:
        yield Shop(**_announcement(process, log))


def folder() -> Path:
    """Where the shop's code is: in a checkout, or in the wheel.

    Raises:
        UnavailableError: this installation brought no shop.
    """
    for candidate in (CHECKOUT, PACKAGED):
        if (candidate / "shop").is_dir():
            return candidate
    raise UnavailableError(f"the example shop is neither at {CHECKOUT} nor at {PACKAGED}")


def _announcement(process: subprocess.Popen[str], log: Path) -> dict[str, Any]:
    """The line the shop prints when all of it is up."""
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], START_SECONDS)
    line = process.stdout.readline() if ready else ""
    if not line:
        last = (log.read_text().splitlines() or ["it said nothing"])[-1]
        raise UnavailableError(f"the shop did not start within {START_SECONDS:g} s: {last}")
    said = json.loads(line)
    return {key: said[key] for key in ("control", "database", "services")}
