"""RDS Performance Insights: what the sessions of a database do, and wait for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from causely_core.model import Series
from causely_plugin_aws.call import Call

if TYPE_CHECKING:
    from causely_plugin_aws.api import Api
    from causely_plugin_aws.resource import Insight

# A call a database; a million a month are free ("Amazon RDS Performance Insights pricing"); no rate is documented.
LOADS = Call("pi", "get_resource_metrics", "pi:GetResourceMetrics", resources=("arn:*:pi:*:*:metrics/rds/*",))

_LOAD = "db.load.avg"
_TYPES = "db.wait_event_type"
_LOCKS = frozenset({"Lock", "LWLock", "synch", "lock", "Concurrency", "Application"})
"""Types of wait events that are for what other sessions hold: PostgreSQL's, MySQL's and MariaDB's, Oracle's."""
_STORAGE = frozenset({"IO", "io", "User I/O", "System I/O"})


async def load(api: Api, insight: Insight, begin: float, end: float) -> Mapping[Series, Mapping[float, float]]:
    """What Performance Insights tells from ``begin`` to ``end``, by time.

    Raises:
        PollError: nothing.
    """
    answer = await api.call(
        LOADS,
        ServiceType="RDS",
        Identifier=insight.resource,
        MetricQueries=[{"Metric": _LOAD}, {"Metric": _LOAD, "GroupBy": {"Group": _TYPES, "Limit": 10}}],
        StartTime=datetime.fromtimestamp(begin, UTC),
        EndTime=datetime.fromtimestamp(end, UTC),
        PeriodInSeconds=60,
    )
    return loads(answer.get("MetricList", ()), insight)


def loads(told: Sequence[Mapping[str, Any]], insight: Insight) -> dict[Series, dict[float, float]]:
    """The attributes that the answer means. Pure."""
    whole = _total(told, lambda kind: kind is None)
    found = {
        "lock_wait_share": _shares(_total(told, _LOCKS.__contains__), whole),
        "storage_wait_share": _shares(_total(told, _STORAGE.__contains__), whole),
    }
    if insight.processors:
        found["database_load"] = {time: value / insight.processors for time, value in whole.items()}
    return {Series(insight.entity, name): points for name, points in found.items() if points}


def _total(told: Sequence[Mapping[str, Any]], wanted: Callable[[str | None], bool]) -> dict[float, float]:
    """The load of some types of wait events together; that of all has none."""
    found: dict[float, float] = {}
    for each in told:
        kind = each["Key"].get("Dimensions", {}).get(f"{_TYPES}.name")
        for time, value in _points(each) if wanted(kind) else ():
            found[time] = found.get(time, 0.0) + value
    return found


def _shares(part: Mapping[float, float], whole: Mapping[float, float]) -> dict[float, float]:
    """Where there is no load nobody waits."""
    return {time: min(part.get(time, 0.0) / value, 1.0) if value else 0.0 for time, value in whole.items()}


def _points(told: Mapping[str, Any]) -> Iterator[tuple[float, float]]:
    """Those that have a value yet."""
    for point in told.get("DataPoints", ()):
        if point.get("Value") is not None:
            yield point["Timestamp"].timestamp(), float(point["Value"])
