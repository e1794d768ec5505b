"""A bounded pool of database connections that tells how long one waits for it."""

from __future__ import annotations

import queue
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from opentelemetry import metrics
from opentelemetry.metrics import CallbackOptions, Observation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

TIMEOUT_SECONDS = 3.0
WAIT_BUCKETS_SECONDS = (0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)


class PoolTimeout(Exception):
    """No connection became free in time."""


class Pool:
    """At most `size` connections, opened at once; who finds none waits up to three seconds."""

    def __init__(self, name: str, connect: Callable[[], Any], size: int) -> None:
        self.name, self.size = name, size
        self._idle: queue.LifoQueue[Any] = queue.LifoQueue()
        self._pending, self._lock = 0, threading.Lock()
        for _ in range(size):
            self._idle.put(connect())
        self._labels = {"db.client.connection.pool.name": name}
        self._export()

    @contextmanager
    def connection(self) -> Iterator[Any]:
        """Lend a connection; raise PoolTimeout."""
        connection = self._take()
        try:
            yield connection
        finally:
            self._idle.put(connection)

    def _take(self) -> Any:
        started = time.monotonic()
        self._count_pending(+1)
        try:
            return self._idle.get(timeout=TIMEOUT_SECONDS)
        except queue.Empty:
            self._timeouts.add(1, self._labels)
            raise PoolTimeout(f"connection pool {self.name} exhausted: none of {self.size} free") from None
        finally:
            self._count_pending(-1)
            self._wait_time.record(time.monotonic() - started, self._labels)

    def _count_pending(self, change: int) -> None:
        with self._lock:
            self._pending += change

    def _export(self) -> None:
        meter, prefix = metrics.get_meter("shop"), "db.client.connection"
        self._wait_time = meter.create_histogram(
            f"{prefix}.wait_time", "s", explicit_bucket_boundaries_advisory=WAIT_BUCKETS_SECONDS
        )
        self._timeouts = meter.create_counter(f"{prefix}.timeouts", "{timeout}")
        for name, callback in (
            ("count", self._observe_count),
            ("max", self._observe_max),
            ("pending_requests", self._observe_pending),
        ):
            meter.create_observable_up_down_counter(f"{prefix}.{name}", [callback])

    def _observe_count(self, _options: CallbackOptions) -> Iterable[Observation]:
        idle = self._idle.qsize()
        for state, count in (("idle", idle), ("used", self.size - idle)):
            yield Observation(count, {**self._labels, "db.client.connection.state": state})

    def _observe_max(self, _options: CallbackOptions) -> Iterable[Observation]:
        return [Observation(self.size, self._labels)]

    def _observe_pending(self, _options: CallbackOptions) -> Iterable[Observation]:
        return [Observation(self._pending, self._labels)]
