"""The shop as a whole: starts every process, strikes them with faults, and ends them together."""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path
from typing import Any

from shop.child import Child
from shop.faults.catalogue import CATALOGUE
from shop.ports import Reservation
from shop.postgres import Postgres, find_binaries, user_exists
from shop.settings import Settings

START_SECONDS = 30.0
STOP_SECONDS = 3.0

# In the order of starting: what takes long to start, or is waited for, comes first.
SERVICES = (
    "broker", "catalog", "inventory", "orders", "checkout", "payment", "frontend", "recommendations",
    "cart", "shipping", "bank", "users",
)  # fmt: skip
SILENT = ("broker", "bank", "users")
"""Those that export nothing."""


class Shop:
    """All processes of the shop. Use it from one thread: children die with the thread that started them."""

    def __init__(self, endpoint: str, data_dir: Path, rate: float, database: str) -> None:
        """Take the OTLP endpoint, a folder for data and logs, requests a second, and a database or auto."""
        self.database = choose_database(database)
        self._endpoint, self._data_dir, self._rate = endpoint, data_dir, rate
        self._reservations = {name: Reservation() for name in (*SERVICES, "postgres")}
        self.ports = {name: reservation.port for name, reservation in self._reservations.items()}
        self._pages = {name: Reservation() for name in SERVICES}
        self.children: dict[str, Child] = {}
        self.postgres: Postgres | None = None
        self.active: dict[str, float] = {}
        self._queue_key = secrets.token_hex(16)

    def start(self) -> None:
        """Start everything and return when all are ready; raise ChildError or CalledProcessError."""
        self._data_dir.mkdir(parents=True, exist_ok=True)
        for name in SERVICES:
            self.children[name] = Child(name, self._environment(name), self._data_dir)
        if self.database == "postgresql":
            self._start_postgres()
        deadline = time.monotonic() + START_SECONDS
        for child in self.children.values():
            child.wait_ready(deadline)
        self.children["users"].ask("start")

    def stop(self) -> None:
        """End every process; returns when none is left."""
        members = self._members().values()
        for member in members:
            member.end()
        deadline = time.monotonic() + STOP_SECONDS
        for member in members:
            member.reap(deadline)

    def inject(self, fault: str) -> float:
        """Start a fault and return since when (epoch seconds) it is there; raise KeyError, ChildError."""
        where = self.children[CATALOGUE[fault].where]
        if fault not in self.active:
            if fault == "dead-downstream":
                where.kill()
            else:
                where.ask(f"inject {fault}")
            self.active[fault] = time.time()
        return self.active[fault]

    def remove(self, fault: str) -> float:
        """End a fault and return since when (epoch seconds) it is gone; raise KeyError, ChildError."""
        where = self.children[CATALOGUE[fault].where]
        if fault in self.active:
            if fault == "dead-downstream":
                where.start()
                where.wait_ready(time.monotonic() + START_SECONDS)
            else:
                where.ask(f"remove {fault}")
            del self.active[fault]
        return time.time()

    def users(self) -> dict[str, Any]:
        """Return what users saw in the last seconds."""
        answer: dict[str, Any] = self.children["users"].ask("report")
        return answer

    def pids(self) -> dict[str, int]:
        """Return the process id of each service."""
        return {name: member.pid for name, member in self._members().items()}

    def pages(self) -> dict[str, int]:
        """Return the port of each service's metrics, where the environment asks for Prometheus."""
        scraped = os.environ.get("OTEL_METRICS_EXPORTER") == "prometheus"
        return {name: page.port for name, page in self._pages.items() if name not in SILENT} if scraped else {}

    def state(self) -> dict[str, Any]:
        """Return which processes run, where, and which faults are active since when."""
        services = {
            name: {"pid": member.pid, "port": self.ports[name], "alive": member.alive}
            for name, member in self._members().items()
        }
        return {"database": self.database, "services": services, "faults": self.active}

    def _members(self) -> dict[str, Child | Postgres]:
        return {**self.children, **({"postgres": self.postgres} if self.postgres else {})}

    def _start_postgres(self) -> None:
        binaries = find_binaries()
        assert binaries is not None
        self.postgres = Postgres(binaries, self._data_dir, self.ports["postgres"])
        self.postgres.start()

    def _environment(self, name: str) -> dict[str, str]:
        defaults = {
            "OTEL_METRIC_EXPORT_INTERVAL": "1000",
            "OTEL_BSP_SCHEDULE_DELAY": "1000",
            "OTEL_BLRP_SCHEDULE_DELAY": "1000",
        }
        settings = Settings(name, self.ports, self.database, str(self._data_dir), self._rate, self._queue_key)
        return {
            **defaults,
            **os.environ,
            **settings.environment(),
            "OTEL_EXPORTER_OTLP_ENDPOINT": self._endpoint,
            "OTEL_EXPORTER_PROMETHEUS_PORT": str(self._pages[name].port),
            "OTEL_SERVICE_NAME": name,
            "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]),
        }


def choose_database(wish: str) -> str:
    """Return `postgresql` or `sqlite`; raise LookupError when a wished PostgreSQL is not installed."""
    available = find_binaries() is not None and user_exists()
    if wish == "postgresql" and not available:
        raise LookupError("PostgreSQL's server programs were not found; install the package postgresql")
    if wish == "auto":
        return "postgresql" if available else "sqlite"
    return wish
