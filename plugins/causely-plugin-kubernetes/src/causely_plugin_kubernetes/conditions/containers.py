"""How containers are, by their pod."""

from __future__ import annotations

from collections.abc import Iterator

from causely_core.model import EntityId, EntityType, Series, entity_id
from causely_plugin_kubernetes.conditions.reading import Object, seconds, status
from causely_plugin_kubernetes.conditions.told import Happened, Value

STARTS = 60.0
"""Seconds that what has just begun may take to become ready."""

LOOPING = 2.0
"""Restarts at least of what waits to be restarted again, which may take longer than ten minutes."""

_PULLS_FAILED = ("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ErrImageInspect")
_STUCK = (*_PULLS_FAILED, "CrashLoopBackOff", "CreateContainerConfigError", "CreateContainerError", "RunContainerError")


def running(found: Object) -> Iterator[tuple[EntityId, Object]]:
    """The containers that are to run as long as the pod does, with their status; empty before they have one."""
    about, spec = found["metadata"], found.get("spec") or {}
    told = [*(status(found).get("containerStatuses") or ()), *(status(found).get("initContainerStatuses") or ())]
    statuses = {each["name"]: each for each in told}
    sidecars = [each for each in spec.get("initContainers") or () if each.get("restartPolicy") == "Always"]
    for each in (*sidecars, *(spec.get("containers") or ())):
        key = f"{about['namespace']}/{about['name']}/{each['name']}"
        yield entity_id(EntityType.CONTAINER, key), statuses.get(each["name"], {})


def container_values(id: EntityId, told: Object, leaving: bool, lost: bool) -> Iterator[Value]:
    """States of a container.

    Args:
        id: of its entity.
        told: its status.
        leaving: whether its pod is about to go, so that nobody expects that it is ready.
        lost: whether its pod is not heard of any more, so that what was told is not so.
    """
    waits = _waits(told)
    yield Value(Series(id, "image_pull_failing"), float(waits in _PULLS_FAILED))
    yield Value(Series(id, "restart_count"), LOOPING if waits == "CrashLoopBackOff" else 0.0)
    yield Value(Series(id, "oom_kill_count"), 0.0)
    yield Value(Series(id, "probe_failure_rate"), 0.0)
    ready = not told or (told.get("ready") and not lost) or leaving or _done(told)
    yield Value(Series(id, "not_ready"), float(not ready), 0.0 if _has_run(told) else STARTS, _started(told))


def container_happenings(id: EntityId, told: Object) -> Iterator[Happened]:
    """Restarts, and kills for want of memory."""
    ended = [(told.get(state) or {}).get("terminated") or {} for state in ("state", "lastState")]
    times = [seconds(each.get("finishedAt")) for each in ended]
    killed = [time for time, each in zip(times, ended, strict=True) if each.get("reason") == "OOMKilled"]
    yield Happened(Series(id, "restart_count"), times[1], int(told.get("restartCount") or 0))
    yield Happened(Series(id, "oom_kill_count"), max(killed, default=0.0))


def stuck(told: Object) -> bool:
    """Whether it cannot be started, or ends again and again."""
    return _waits(told) in _STUCK


def _waits(told: Object) -> str:
    return str(((told.get("state") or {}).get("waiting") or {}).get("reason", ""))


def _done(told: Object) -> bool:
    """Whether it has ended and that was well."""
    ended = (told.get("state") or {}).get("terminated") or {}
    return ended.get("exitCode") == 0


def _started(told: Object) -> float | None:
    return seconds(((told.get("state") or {}).get("running") or {}).get("startedAt")) or None


def _has_run(told: Object) -> bool:
    """Whether it is not merely starting: it has ended before, or cannot start."""
    state = told.get("state") or {}
    waits = (state.get("waiting") or {}).get("reason", "ContainerCreating")
    starting = waits in ("ContainerCreating", "PodInitializing")
    return bool(told.get("restartCount") or told.get("lastState") or state.get("terminated")) or not starting
