"""The analyzer's own metrics."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from attrs import frozen
from opentelemetry.metrics import CallbackOptions, Counter, Histogram, Meter, Observation

from causely_core.services.analyzer.engine import Engine


@frozen
class Instruments:
    """What is counted and timed.

    Attributes:
        updates: updates stored.
        duration: of one diagnosis, in seconds.
    """

    updates: Counter
    duration: Histogram

    @classmethod
    def of(cls, meter: Meter, engine: Engine) -> Instruments:
        """Make the instruments, and gauges that look at ``engine``."""
        _gauge(meter, "causely.root_causes.active", lambda: len(engine.lifecycle.active))
        _gauge(meter, "causely.symptoms.unexplained", lambda: len(engine.unexplained))
        return cls(
            meter.create_counter("causely.analyzer.updates", description="Updates stored."),
            meter.create_histogram("causely.diagnosis.duration", "s", "Time of one diagnosis."),
        )

    @contextmanager
    def diagnosing(self) -> Iterator[None]:
        """Time the body."""
        began = time.perf_counter()
        yield
        self.duration.record(time.perf_counter() - began)


def _gauge(meter: Meter, name: str, read: Callable[[], int]) -> None:
    def observe(_: CallbackOptions) -> list[Observation]:
        return [Observation(read())]

    meter.create_observable_gauge(name, [observe])
