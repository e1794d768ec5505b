"""The values of all places: asked for in the background, so that slow answers leave no gap in what is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from causely_core.model import Observation, ObservationBatch, Series
from causely_core.polling import Latest, Noting, PollError
from causely_core.rhythm import beat
from causely_plugin_aws.cloudwatch import asked
from causely_plugin_aws.insights import load
from causely_plugin_aws.measure import PERIOD
from causely_plugin_aws.query import queries, values

if TYPE_CHECKING:
    from causely_core.hookspecs import HookContext
    from causely_plugin_aws.api import Api
    from causely_plugin_aws.place import Place
    from causely_plugin_aws.resource import Insight
    from causely_plugin_aws.watch import Watch

_LOOKBACK = 5
"""Periods that are asked for: points come late, and not all at once."""
_LEARNED = 30
"""Periods that are asked for at first, so that detectors know what is usual."""
_GRADUAL = frozenset({"backlog"})


class Values:
    """What is known now of how the resources are."""

    def __init__(self, context: HookContext, watch: Watch) -> None:
        """Nothing is known yet."""
        self._context, self._watch, config = context, watch, context.config
        self._latest = Latest(config.values_interval + config.delay + _LOOKBACK * PERIOD, _GRADUAL)
        self._part = config.repeat / PERIOD
        self._noting = Noting(context.logger)
        self._past: list[Observation] = []
        self._known: set[str] = set()
        self._asking: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[None]:
        """Ask, as long as this is open."""
        self._asking = asyncio.create_task(self._ask())
        try:
            yield
        finally:
            self._asking.cancel()
            with suppress(asyncio.CancelledError):
                await self._asking

    def batch(self) -> ObservationBatch:
        """What holds now, and at first what was before.

        Raises:
            Exception: asking has ended, which it never should.
        """
        if self._asking and self._asking.done():
            self._asking.result()
        now = self._context.clock.now()
        rows, self._past = self._past, []
        rows += self._latest.batch(now)
        rows += (Observation(series, now, value) for series, value in self._listed().items())
        return ObservationBatch.of(rows)

    async def _ask(self) -> None:
        await self._watch.look()
        config = self._context.config
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_every(config.repeat, self._watch.look))
            tasks.create_task(_every(config.values_interval, self._round))

    async def _round(self) -> None:
        await asyncio.gather(*(self._place(place) for place in self._watch.places))

    async def _place(self, place: Place) -> None:
        subjects = [subject for each in self._watch.resources(place) for subject in each.subjects]
        wanted, most = queries(subjects), self._context.config.max_metrics
        try:
            api = await place.api()
        except PollError as problem:
            self._noting.note(f"{place.name}/metrics", str(problem))
            return
        now = self._context.clock.now()
        end = (now - self._context.config.delay) // PERIOD * PERIOD
        first = place.name not in self._known
        periods = _LEARNED if first else _LOOKBACK
        found, missing = await asked(api, wanted[:most], end - periods * PERIOD, end)
        self._watch.instruments.metrics.add(len(wanted[:most]))
        if len(wanted) > most:
            missing = missing or f"there are more than max_metrics ({most})"
        self._noting.note(f"{place.name}/metrics", missing)
        told = values(subjects, found, self._part)
        if first and not missing:
            self._known.add(place.name)
            self._past += (row for series, points in told.items() for row in _before(series, points))
        self._hear(told, now)
        await self._insights(place, api, end, now)

    async def _insights(self, place: Place, api: Api, end: float, now: float) -> None:
        wanted = (each.insight for each in self._watch.resources(place) if each.insight)
        tasks = (self._insight(api, each, end, now) for each in wanted)
        problems = [problem for problem in await asyncio.gather(*tasks) if problem]
        self._noting.note(f"{place.name}/insights", problems[0] if problems else "")

    async def _insight(self, api: Api, insight: Insight, end: float, now: float) -> str:
        """Why there is none, of one database."""
        try:
            self._hear(await load(api, insight, end - _LOOKBACK * PERIOD, end), now)
        except PollError as problem:
            return str(problem)
        return ""

    def _hear(self, heard: Mapping[Series, Mapping[float, float]], now: float) -> None:
        newest = ((series, max(points)) for series, points in heard.items())
        self._latest.hear([Observation(series, time, heard[series][time]) for series, time in newest], now)

    def _listed(self) -> Mapping[Series, float]:
        """What the resources themselves say."""
        told: dict[Series, float] = {}
        for place in self._watch.places:
            for resource in self._watch.resources(place):
                for series, value in resource.values.items():
                    told[series] = max(value, told.get(series, value))
        return told


def _before(series: Series, points: Mapping[float, float]) -> Iterator[Observation]:
    """All points but the newest, each of the end of its period."""
    return (Observation(series, time + PERIOD, points[time]) for time in sorted(points)[:-1])


async def _every(interval: float, work: Callable[[], Awaitable[object]]) -> None:
    while True:
        await work()
        await beat(interval)
