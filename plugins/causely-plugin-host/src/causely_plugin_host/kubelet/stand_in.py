"""What cAdvisor tells in the place of control groups and networks that the agent cannot read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from causely_core.host import ContainerInfo
from causely_core.model import EntityId
from causely_plugin_host.counters import Counters, share
from causely_plugin_host.kubelet import cadvisor
from causely_plugin_host.kubelet.cadvisor import Sample
from causely_plugin_host.machine_values import Value
from causely_plugin_host.network import FEWEST


def container_stand_in(
    id: EntityId, told: Mapping[str, Sample], info: ContainerInfo, counters: Counters
) -> Iterator[Value]:
    """The attributes of :func:`~causely_plugin_host.container_values.container_values`.

    Args:
        id: of the Container.
        told: its metrics.
        info: with its limits and its request.
        counters: of all containers.
    """
    used = _rate(id, cadvisor.CPU, told, counters)
    yield "cpu_usage", used
    yield "cpu_utilization", share(used, info.limits.get("cpu") or 1.0)
    yield "cpu_request_utilization", share(used, info.requested)
    stopped, periods = (_growth(id, name, told, counters) for name in (cadvisor.STOPPED, cadvisor.PERIODS))
    yield "cpu_throttled_share", share(stopped, periods)
    yield "cpu_pressure", _rate(id, cadvisor.CPU_WAITED, told, counters)
    memory = _value(cadvisor.MEMORY, told)
    yield "memory_usage", memory
    yield "memory_utilization", share(memory, info.limits.get("memory"))
    yield "memory_pressure", _rate(id, cadvisor.MEMORY_WAITED, told, counters)
    yield "major_page_fault_rate", _rate(id, cadvisor.FAULTS, told, counters)
    yield "thread_count", _value(cadvisor.THREADS, told)


def lost_share(id: EntityId, passed: Sample, lost: Sample, counters: Counters) -> float | None:
    """Share of a pod's packets that were dropped; none of too few."""
    through, gone = counters.growth((id, "passed"), passed.value), counters.growth((id, "lost"), lost.value)
    return share(gone, through + gone, FEWEST) if through is not None and gone is not None else None


def _value(name: str, told: Mapping[str, Sample]) -> float | None:
    return told[name].value if name in told else None


def _growth(id: EntityId, name: str, told: Mapping[str, Sample], counters: Counters) -> float | None:
    return counters.growth((id, name), _value(name, told))


def _rate(id: EntityId, name: str, told: Mapping[str, Sample], counters: Counters) -> float | None:
    """By the time between cAdvisor's own readings, which is not that between the agent's."""
    seconds = counters.growth((id, name, "at"), told[name].time if name in told else None)
    return share(_growth(id, name, told, counters), seconds)
