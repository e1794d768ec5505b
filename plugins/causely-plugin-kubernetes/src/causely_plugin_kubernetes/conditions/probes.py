"""Probes that fail, of which Kubernetes tells less and less: after 25 events one in five minutes."""

from __future__ import annotations

from attrs import define, field

from causely_core.model import Series

PROBES = "probe_failure_rate"

_FAILS = 0.5


@define
class Probes:
    """Remembers which fail until their containers are ready again."""

    _failing: set[Series] = field(factory=set, init=False)

    def rate(self, series: Series, rate: float, ready: bool) -> float:
        """The share that fails.

        Args:
            series: of the container.
            rate: as far as events tell.
            ready: whether the container is.
        """
        if rate > _FAILS:
            self._failing.add(series)
        elif ready:
            self._failing.discard(series)
        return 1.0 if series in self._failing and not ready else rate
