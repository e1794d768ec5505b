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

    def value(self, series: Series) -> float | None:
        """What they make; none when there are none."""
        parts = self._parts.get(series)
        return float(_TOGETHER[series.attribute](parts.values())) if parts else None
