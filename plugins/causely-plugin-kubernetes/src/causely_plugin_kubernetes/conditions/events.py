"""What events tell that no status does. Of an event only whose it is, how often and when is kept."""

from __future__ import annotations

from collections.abc import Iterator

from causely_core.model import EntityId, EntityType, Series, entity_id
from causely_plugin_kubernetes.conditions.reading import Object, key, seconds
from causely_plugin_kubernetes.conditions.told import Happened, Told

WARNINGS = "type=Warning"
"""Selects the events that tell that something goes wrong."""

_MOUNT = ("FailedMount", "FailedAttachVolume", "FailedMapVolume")
_STARTS = {"Readiness probe": 30.0, "Startup probe": 300.0}
"""Seconds for which a probe fails while a program starts and all is well; a startup probe is there to wait for long."""


def event(found: Object) -> Told:
    """An Event of a pod: probes that fail, and volumes that cannot be mounted."""
    about = found.get("involvedObject") or {}
    return Told(key(found), happened=tuple(_happened(found, about)) if about.get("kind") == "Pod" else ())


def _happened(found: Object, about: Object) -> Iterator[Happened]:
    series = found.get("series") or {}
    latest = seconds(series.get("lastObservedTime") or found.get("lastTimestamp") or found.get("eventTime"))
    total = int(series.get("count") or found.get("count") or 1)
    container = _container(about)
    if found.get("reason") == "Unhealthy" and container and not _starting(found, latest):
        yield Happened(Series(container, "probe_failure_rate"), latest, total)
    if found.get("reason") in _MOUNT:
        pod = entity_id(EntityType.POD, f"{about.get('namespace')}/{about.get('name')}")
        yield Happened(Series(pod, "volume_mount_failing"), latest, total)


def _container(about: Object) -> EntityId | None:
    """Which container the event is about: ``spec.containers{main}``."""
    name = str(about.get("fieldPath") or "").rpartition("{")[2].removesuffix("}")
    return entity_id(EntityType.CONTAINER, f"{about.get('namespace')}/{about.get('name')}/{name}") if name else None


def _starting(found: Object, latest: float) -> bool:
    """Whether it is no more than a program that is not ready yet; nobody is alarmed by that."""
    first = seconds(found.get("firstTimestamp") or found.get("eventTime")) or latest
    message = str(found.get("message") or "")
    return any(message.startswith(probe) and latest - first < patience for probe, patience in _STARTS.items())
