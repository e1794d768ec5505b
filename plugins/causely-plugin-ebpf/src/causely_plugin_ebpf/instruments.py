"""What the plugin tells of itself in /metrics: above all what it did not see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from causely_plugin_ebpf import records

if TYPE_CHECKING:
    from opentelemetry.metrics import CallbackOptions, Meter, Observation

    from causely_plugin_ebpf.watcher import Watcher

Read = Callable[[], int]


def instrument(meter: Meter, watcher: Watcher) -> None:
    """Show what ``watcher`` counts."""
    feed, topology = watcher.feed, watcher.topology
    counters: dict[str, tuple[str, Read]] = {
        "segments.lost": ("heads of messages without room", lambda: watcher.counted(records.LOST_SEGMENTS)),
        "segments.left_out": ("parts of long messages", lambda: watcher.counted(records.LEFT_OUT)),
        "events.lost": ("openings and ends without room", lambda: watcher.counted(records.LOST_EVENTS)),
        "connections.forgotten": ("connections beyond the limit", lambda: feed.connections.forgotten),
        "connections.shed": ("of these, for want of memory", lambda: watcher.shed),
        "connections.resumed": ("connections followed again after that", lambda: watcher.resumed),
        "connections.unrecognised": ("connections of no known protocol", lambda: feed.unrecognised),
        "entities.refused": ("entities beyond the limit", lambda: topology.refused),
    }
    gauges: dict[str, tuple[str, Read]] = {
        "watching": ("whether connections are watched", lambda: int(watcher.running)),
        "connections": ("connections followed", lambda: len(feed.connections)),
        "connections.limit": ("connections that may be followed now", lambda: feed.connections.limit),
        "encryption.files": ("files with functions that encrypt", lambda: watcher.tapped),
        "requests.one_of": (
            "requests of which one is told of, of who asks or answers most",
            lambda: max(watcher.budget.one_of.values(), default=1),
        ),
    }
    observe(meter, counters, gauges)


def observe(meter: Meter, counters: Mapping[str, tuple[str, Read]], gauges: Mapping[str, tuple[str, Read]]) -> None:
    """Show ``counters`` and ``gauges``: names below ``causely.ebpf``, what they mean, and how to read them."""
    for name, (meaning, read) in counters.items():
        meter.create_observable_counter(f"causely.ebpf.{name}", [_callback(read)], description=meaning)
    for name, (meaning, read) in gauges.items():
        meter.create_observable_gauge(f"causely.ebpf.{name}", [_callback(read)], description=meaning)


def _callback(read: Read) -> Callable[[CallbackOptions], list[Observation]]:
    from opentelemetry.metrics import Observation

    return lambda _: [Observation(read())]
