"""What the watcher tells of itself in /metrics: above all what it did not see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.metrics import CallbackOptions, Meter, Observation

Read = Callable[[], int]


def observe(meter: Meter, counters: Mapping[str, tuple[str, Read]], gauges: Mapping[str, tuple[str, Read]]) -> None:
    """Show ``counters`` and ``gauges``: names below ``causely.ebpf``, what they mean, and how to read them."""
    for name, (meaning, read) in counters.items():
        meter.create_observable_counter(f"causely.ebpf.{name}", [_callback(read)], description=meaning)
    for name, (meaning, read) in gauges.items():
        meter.create_observable_gauge(f"causely.ebpf.{name}", [_callback(read)], description=meaning)


def _callback(read: Read) -> Callable[[CallbackOptions], list[Observation]]:
    from opentelemetry.metrics import Observation

    return lambda _: [Observation(read())]
