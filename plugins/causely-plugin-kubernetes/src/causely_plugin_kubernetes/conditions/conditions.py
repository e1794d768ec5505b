"""How everything is now, by what all objects have told."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable

from attrs import define, field

from causely_core.model import EntityId, Series
from causely_plugin_kubernetes.conditions.changes import Changes
from causely_plugin_kubernetes.conditions.happenings import Happenings
from causely_plugin_kubernetes.conditions.parts import Parts
from causely_plugin_kubernetes.conditions.patience import Patience
from causely_plugin_kubernetes.conditions.probes import PROBES, Probes
from causely_plugin_kubernetes.conditions.scheduling import Scheduling
from causely_plugin_kubernetes.conditions.told import Happened, Told, Value

LATELY = 10.0
"""Seconds for which what has become well again is told as often as what is not."""

_STALLED, _STUCK, _UNPLACED = "rollout_stalled", "stuck_pods", "unschedulable_pods"
_WAITS = "scheduling_duration.p95"

_Key = tuple[Hashable, str]


@define
class Conditions:
    """What objects have told, as values of entities. Whoever follows the objects fills it; a collector reads it.

    Attributes:
        left_out: tells whether an entity is within what people want to be ignored: nothing is told of it.
        cluster: of which is told what several of its workloads have in common; none while it is not known.
    """

    left_out: Callable[[EntityId], bool] = field(default=lambda _: False)
    cluster: EntityId | None = None
    _told: dict[Hashable, dict[str, Told]] = field(factory=dict, init=False)
    _values: dict[Series, tuple[float, float]] = field(factory=dict, init=False)
    _parts: Parts = field(factory=Parts, init=False)
    _patience: Patience = field(factory=Patience, init=False)
    _happenings: Happenings = field(factory=Happenings, init=False)
    _probes: Probes = field(factory=Probes, init=False)
    _changes: Changes = field(factory=Changes, init=False)
    _scheduling: Scheduling = field(factory=Scheduling, init=False)
    _restless: dict[Series, float] = field(factory=dict, init=False)

    def put(self, resource: Hashable, told: Told, now: float) -> None:
        """An object is new, or tells something else now."""
        kept = self._told.setdefault(resource, {})
        before = kept.get(told.key)
        if told != before:
            kept[told.key] = told
            self._exchange((resource, told.key), before or Told(told.key), told, now)

    def remove(self, resource: Hashable, key: str, now: float) -> None:
        """An object is gone; what has happened to it, has happened."""
        if before := self._told.get(resource, {}).pop(key, None):
            self._exchange((resource, key), before, Told(key), now)

    def replace(self, resource: Hashable, told: Iterable[Told], now: float) -> None:
        """These are all objects of a resource."""
        found = {each.key: each for each in told}
        for key in self._told.get(resource, {}).keys() - found.keys():
            self.remove(resource, key, now)
        for each in found.values():
            self.put(resource, each, now)

    def series(self) -> list[Series]:
        """All that has a value."""
        cluster = [Series(self.cluster, each) for each in (_UNPLACED, _WAITS)] if self.cluster else []
        return [*self._values, *self._parts.series(), *cluster]

    def restless(self, now: float) -> list[Series]:
        """What is not well, or was not until a moment ago."""
        for series, until in list(self._restless.items()):
            value = self.value(series, now)
            if value or self._waits(series, now):
                self._restless[series] = now + LATELY
            elif value is None or now > until:
                del self._restless[series]
        self._happenings.forget(now)
        return list(self._restless)

    def value(self, series: Series, now: float) -> float | None:
        """What is so ``now``, in the attribute's unit; none when nobody tells it."""
        if self.left_out(series.entity):
            return None
        told = self._told_of(series, now)
        return None if told is None else max(told, self._counted(series, now))

    def _told_of(self, series: Series, now: float) -> float | None:
        if series.entity == self.cluster:
            waits = series.attribute == _WAITS
            return self._scheduling.p95(now) if waits else self._parts.widespread(series.attribute)
        value, begins = self._values.get(series, (None, 0.0))
        if value is None:
            return self._parts.value(series)
        return value if now >= begins else 0.0

    def _counted(self, series: Series, now: float) -> float:
        """What has happened of late, or what that makes of something else."""
        if series.attribute == _STALLED:
            # Those that cannot run stall the rollout that has made them, long before its deadline.
            stuck = self._parts.value(Series(series.entity, _STUCK))
            return float(bool(stuck) and self._happenings.count(Series(series.entity, "change"), now) > 0)
        count = self._happenings.count(series, now)
        if series.attribute == PROBES:
            ready = not self._told_of(Series(series.entity, "not_ready"), now)
            return self._probes.rate(series, count, ready)
        return count

    def _waits(self, series: Series, now: float) -> bool:
        return self._values.get(series, (0.0, 0.0))[1] > now

    def _exchange(self, key: _Key, before: Told, after: Told, now: float) -> None:
        self._exchange_values(before, after, now)
        self._exchange_parts(key, before, after, now)
        self._scheduling.note(before.placed, after.placed, now)
        if self.cluster and after.placed != before.placed:
            self._restless[Series(self.cluster, _WAITS)] = now + LATELY
        known = {happened.series: happened for happened in before.happened}
        for happened in after.happened:
            self._happen(known.get(happened.series), happened, now)
        for id in self._changes.note(key, before.version, after.version):
            self._happen(None, Happened(Series(id, "change"), now), now)

    def _happen(self, before: Happened | None, after: Happened, now: float) -> None:
        if self._happenings.note(before, after, now):
            self._restless[after.series] = now + LATELY

    def _exchange_values(self, before: Told, after: Told, now: float) -> None:
        for series in {each.series for each in before.values} - {each.series for each in after.values}:
            self._patience.forget(series)
            self._values.pop(series, None)
        for value in after.values:
            was, self._values[value.series] = self._values.get(value.series), self._settled(value, now)
            if was != self._values[value.series]:
                self._restless[value.series] = now + LATELY

    def _settled(self, value: Value, now: float) -> tuple[float, float]:
        """The value, and when it begins to count."""
        return value.value, self._patience.counts_from(value, now)

    def _exchange_parts(self, key: _Key, before: Told, after: Told, now: float) -> None:
        self._parts.exchange(key, before.parts, after.parts)
        for part in (*before.parts, *after.parts):
            self._restless[part.series] = now + LATELY
            if part.series.attribute == _UNPLACED and self.cluster:
                self._restless[Series(self.cluster, _UNPLACED)] = now + LATELY
            if part.series.attribute == _STUCK:
                self._restless[Series(part.series.entity, _STALLED)] = now + LATELY
