"""Values that several objects tell together."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

from attrs import define, field

from causely_core.model import Series
from causely_plugin_kubernetes.conditions.told import Value

_TOGETHER: Mapping[str, Callable[[Iterable[float]], Any]] = {
    "change": max,
    "resource_quota_utilization": max,
    "stuck_pods": sum,
    "unschedulable_pods": sum,
}
"""What the parts of a value make."""


@define
class Parts:
    """What each object adds."""

    _parts: dict[Series, dict[Hashable, float]] = field(factory=dict, init=False)

    def exchange(self, key: Hashable, before: tuple[Value, ...], after: tuple[Value, ...]) -> None:
        """An object tells other parts than before."""
        for part in before:
            told = self._parts[part.series]
            del told[key]
            if not told:
                del self._parts[part.series]
        for part in after:
            self._parts.setdefault(part.series, {})[key] = part.value

    def series(self) -> Iterable[Series]:
        """All that has parts."""
        return self._parts

    def widespread(self, attribute: str) -> float:
        """The sum over all entities, where it is above 0 for more than one: what only one has is its own affair."""
        told = (self.value(series) or 0.0 for series in self._parts if series.attribute == attribute)
        above = [value for value in told if value > 0.0]
        return sum(above) if len(above) > 1 else 0.0

    def value(self, series: Series) -> float | None:
        """What they make; none when there are none."""
        parts = self._parts.get(series)
        return float(_TOGETHER[series.attribute](parts.values())) if parts else None
