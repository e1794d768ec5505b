"""What is well if it does not last: values that count only once they have been so for a while."""

from __future__ import annotations

from collections.abc import Hashable

from attrs import define, field

from causely_core.model import Series
from causely_plugin_kubernetes.conditions.told import Value


@define
class Patience:
    """Since when values are so."""

    _since: dict[Series, tuple[Hashable, float]] = field(factory=dict, init=False)

    def counts_from(self, value: Value, now: float) -> float:
        """When the value begins to count, in seconds since the epoch; for what counts at once, long ago.

        Args:
            value: it, as it is told ``now``.
            now: seconds since the epoch.
        """
        if not value.patience or not value.value:
            self.forget(value.series)
            return 0.0
        if value.begun is not None:
            return value.begun + value.patience
        mark, since = self._since.get(value.series, (value.mark, now))
        if mark != value.mark:
            since = now
        self._since[value.series] = (value.mark, since)
        return since + value.patience

    def forget(self, series: Series) -> None:
        """It is not so any more, or its entity is gone."""
        self._since.pop(series, None)
