"""The kubelet's ``/metrics/cadvisor``: containers and networks of pods, as its cAdvisor sees them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from attrs import field, frozen

from causely_core.host import samples

CPU = "container_cpu_usage_seconds_total"
PERIODS = "container_cpu_cfs_periods_total"
STOPPED = "container_cpu_cfs_throttled_periods_total"
CPU_WAITED = "container_pressure_cpu_waiting_seconds_total"
MEMORY = "container_memory_working_set_bytes"
MEMORY_WAITED = "container_pressure_memory_waiting_seconds_total"
FAULTS = "container_memory_failures_total"
KILLS = "container_oom_events_total"
THREADS = "container_threads"
PASSED = ("container_network_receive_packets_total", "container_network_transmit_packets_total")
LOST = ("container_network_receive_packets_dropped_total", "container_network_transmit_packets_dropped_total")

CONTAINER_METRICS = frozenset({CPU, PERIODS, STOPPED, CPU_WAITED, MEMORY, MEMORY_WAITED, FAULTS, KILLS, THREADS})
NETWORK_METRICS = frozenset({*PASSED, *LOST})
METRICS = CONTAINER_METRICS | NETWORK_METRICS
"""All that is wanted of the page, which has several times as many."""

_ONLY = {"cpu": "total", "failure_type": "pgmajfault", "scope": "container"}
"""Labels that divide a metric further, and the part that is wanted where there are such parts."""

Pod = tuple[str, str]
"""Namespace and name."""


@frozen
class Sample:
    """A value and when cAdvisor has read it, in seconds since the epoch; at intervals of its own."""

    value: float
    time: float


@frozen
class Page:
    """What the page tells of some pods.

    Attributes:
        containers: the metrics of each container, by pod and the container's name.
        networks: packets that passed, and packets that were dropped, of each pod.
    """

    containers: Mapping[tuple[Pod, str], Mapping[str, Sample]] = field(factory=dict)
    networks: Mapping[Pod, tuple[Sample, Sample]] = field(factory=dict)


def parse_page(text: str, pods: Collection[Pod], now: float) -> Page:
    """Read samples of :data:`METRICS`, those of other pods left out.

    Args:
        text: Prometheus's, one sample a line.
        pods: that are wanted.
        now: seconds, the time of samples that tell none.

    Raises:
        ValueError: it is no such text.
    """
    containers: dict[tuple[Pod, str], dict[str, Sample]] = defaultdict(dict)
    networks: dict[Pod, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    times: dict[Pod, float] = {}
    for told in samples(text):
        labels = told.labels
        pod = (labels.get("namespace", ""), labels.get("pod", ""))
        if pod not in pods:
            continue
        sample = Sample(told.value, now if told.time is None else told.time)
        container = labels.get("container", "")
        if told.name in NETWORK_METRICS:
            networks[pod][told.name] += told.value
            times[pod] = sample.time
        elif container and all(labels.get(label, wanted) == wanted for label, wanted in _ONLY.items()):
            # One that was just started anew is told twice for a while.
            known = containers[pod, container].setdefault(told.name, sample)
            if known.time < sample.time:
                containers[pod, container][told.name] = sample
    return Page(containers, {pod: _network(found, times[pod]) for pod, found in networks.items()})


def _network(found: Mapping[str, float], time: float) -> tuple[Sample, Sample]:
    passed, lost = (sum(found.get(name, 0.0) for name in names) for names in (PASSED, LOST))
    return Sample(passed, time), Sample(lost, time)
