"""How long new pods wait for a node."""

from __future__ import annotations

import math
from collections import deque

from attrs import define, field

from causely_plugin_kubernetes.conditions.told import Placed

WINDOW = 300.0
"""Seconds for which a pod that got a node counts as new."""

_MOST = 1000
"""Pods that are remembered: of more, the latest tell enough."""


@define
class Scheduling:
    """The pods that got a node of late."""

    _placed: deque[Placed] = field(factory=lambda: deque(maxlen=_MOST), init=False)

    def note(self, before: Placed | None, after: Placed | None, now: float) -> None:
        """Take in what a pod tells; one that is known to have its node already says nothing new."""
        if after and after != before and now - after.at <= WINDOW:
            self._placed.append(after)

    def p95(self, now: float) -> float | None:
        """Seconds that all but a twentieth of the new pods waited at most; none when there are none."""
        waited = sorted(each.waited for each in self._placed if now - each.at <= WINDOW)
        return waited[math.ceil(len(waited) * 0.95) - 1] if waited else None
