"""The collector: how the things of the cluster are, as observations."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import numpy as np
from attrs import define, field

from causely_core.model import ObservationBatch, Series
from causely_core.rhythm import beat
from causely_plugin_kubernetes.conditions.conditions import Conditions

if TYPE_CHECKING:
    from causely_core.hookspecs import HookContext

ROUND = 10
"""Beats in which everything is told once; all of what is not well is told at every beat."""


class ConditionsCollector:
    """Tells what the discoverer's objects say; it asks for nothing itself.

    Attributes:
        name: ``conditions``.
    """

    name = "conditions"

    def __init__(self, context: HookContext, conditions: Conditions) -> None:
        self._context, self._round = context, Round(conditions)

    async def observe(self) -> AsyncIterator[ObservationBatch]:
        """Give at every beat what is not well, and a part of all that is."""
        while True:
            await beat(self._context.config.conditions_interval)
            batch = self._round.batch(self._context.clock.now())
            if len(batch):
                yield batch


@define
class Round:
    """Spreads what is well over :data:`ROUND` beats: it is told so that its absence is known, which need not be now."""

    _conditions: Conditions
    _left: list[Series] = field(factory=list, init=False)
    _share: int = field(default=0, init=False)

    def batch(self, now: float) -> ObservationBatch:
        """What is to be told at ``now``, in seconds since the epoch."""
        chosen = dict.fromkeys((*self._conditions.restless(now), *self._next()))
        told = {series: self._conditions.value(series, now) for series in chosen}
        known = {series: value for series, value in told.items() if value is not None}
        return ObservationBatch(tuple(known), np.full(len(known), now), np.fromiter(known.values(), np.float64))

    def _next(self) -> list[Series]:
        if not self._left:
            self._left = self._conditions.series()
            self._share = -(-len(self._left) // ROUND)
        chosen, self._left = self._left[: self._share], self._left[self._share :]
        return chosen
