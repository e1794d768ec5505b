"""The backends of the load balancers of a project, and the share of them that is unhealthy."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from attrs import define, field

from causely_core.model import EntityId, Observation, Series
from causely_core.polling import Pace, PollError
from causely_plugin_gcp.health import Checked, check
from causely_plugin_gcp.rest import Rest

_RETRY = 15.0
"""Seconds after which a backend is asked for again that was not told of, the first time."""


@define
class Backends:
    """What is known of each.

    Attributes:
        interval: seconds from one question for a backend to the next.
        problem: why one was not told of at last; empty when all were.
    """

    interval: float
    problem: str = field(default="", init=False)
    _paces: dict[tuple[str, str], Pace] = field(factory=dict, init=False)
    _due: dict[tuple[str, str], float] = field(factory=dict, init=False)
    _known: dict[tuple[str, str], Checked] = field(factory=dict, init=False)

    async def values(
        self, rest: Rest, owners: Mapping[tuple[str, str], Sequence[EntityId]], now: float
    ) -> list[Observation]:
        """Ask for those that are due, and tell of each load balancer the share of its endpoints that fail.

        Args:
            rest: asks Compute Engine.
            owners: by backend service and group the load balancers before it; others are forgotten.
            now: seconds since the epoch.
        """
        self._paces = {each: self._paces.get(each) or Pace(_RETRY) for each in owners}
        due = [each for each, pace in self._paces.items() if now >= self._due.get(each, 0.0) and pace.due(now)]
        if not due:
            return []
        await asyncio.gather(*(self._ask(rest, each, now) for each in due))
        self.problem = next((pace.problem for pace in self._paces.values() if pace.problem), "")
        self._known = {each: checked for each, checked in self._known.items() if each in owners}
        return self._told(owners, now)

    async def _ask(self, rest: Rest, each: tuple[str, str], now: float) -> None:
        try:
            self._known[each] = await check(rest, *each)
        except PollError as problem:
            self._paces[each].failed(str(problem), now, problem.retry_after)
            return
        self._paces[each].answered()
        self._due[each] = now + self.interval

    def _told(self, owners: Mapping[tuple[str, str], Sequence[EntityId]], now: float) -> list[Observation]:
        together: dict[EntityId, Checked] = {}
        for each, checked in self._known.items():
            for entity in owners[each]:
                together[entity] = together.get(entity, Checked()).plus(checked)
        return [
            Observation(Series(entity, "unhealthy_target_share"), now, found.unhealthy / found.endpoints)
            for entity, found in together.items()
            if found.endpoints
        ]
