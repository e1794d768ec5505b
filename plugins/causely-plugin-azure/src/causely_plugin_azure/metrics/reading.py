"""Asking for metrics: in batches, around what Azure cannot tell of."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from causely_core.model import Observation, Series
from causely_core.polling import Pace, PollError
from causely_plugin_azure.metrics.asked import batch_request
from causely_plugin_azure.metrics.numbers import numbers
from causely_plugin_azure.metrics.plan import MetricsRequest, plan
from causely_plugin_azure.refusals import RefusedError

if TYPE_CHECKING:
    from causely_core.hookspecs import HookContext
    from causely_core.model import EntityId
    from causely_plugin_azure.access import Access
    from causely_plugin_azure.telling import Known

AT_ONCE = 6
_SETTLED = 60.0
"""Seconds after which Azure has counted what happened in a minute."""
_BACK = 300.0
"""Seconds that are looked at: Azure is up to some minutes late."""
_BAD, _UNKNOWN = 400, 404
_VALID = re.compile(r"valid metrics:\s*(?P<names>.*)", re.IGNORECASE | re.DOTALL)


class Reading:
    """Reads the values of resources; remembers what cannot be read, and why, for a while."""

    def __init__(self, context: HookContext, access: Access) -> None:
        """Read through ``access``."""
        self._context, self._access = context, access
        self._paces: dict[tuple[str, ...], Pace] = {}
        self._gone: dict[str, Pace] = {}
        self._absent: dict[str, frozenset[str]] = {}
        self._places = asyncio.Semaphore(AT_ONCE)

    async def values(self, found: Iterable[Known]) -> list[Observation]:
        """The newest values of these resources, as far as Azure tells them."""
        now = self._context.clock.now()
        there = {each.resource.known_by: each for each in found}
        self._forget(there)
        known = (each for id, each in there.items() if id not in self._gone or self._gone[id].due(now))
        requests = [request for request in plan(known) if self._pace(request).due(now)]
        answers = await asyncio.gather(*(self._paced(request, now) for request in requests))
        return [value for values in answers for value in values]

    async def _paced(self, request: MetricsRequest, now: float) -> list[Observation]:
        pace = self._pace(request)
        try:
            values = await self._asked(request, now)
        except PollError as problem:
            self._note(request, pace.problem, str(problem))
            pace.failed(str(problem), now, problem.retry_after)
            return []
        self._note(request, pace.problem, "")
        pace.answered()
        return values

    async def _asked(self, request: MetricsRequest, now: float) -> list[Observation]:
        """Ask, without metrics that there are not, and then without resources that there are not any more."""
        request = request.without(self._absent.get(request.namespace, frozenset()))
        if not request.measures:
            return []
        try:
            return await self._answer(request, now)
        except RefusedError as problem:
            if self._learned(request, problem):
                return await self._asked(request, now)
            if problem.status not in (_BAD, _UNKNOWN) or len(request.asked) == 1:
                raise
        return await self._halved(request, now)

    async def _halved(self, request: MetricsRequest, now: float) -> list[Observation]:
        """One that Azure does not know any more fails all that are asked with it."""
        values: list[Observation] = []
        for half in request.halves():
            values += await (self._asked(half, now) if len(half.asked) > 1 else self._alone(half, now))
        return values

    async def _alone(self, request: MetricsRequest, now: float) -> list[Observation]:
        id = request.asked[0].resource.known_by
        try:
            values = await self._asked(request, now)
        except RefusedError as problem:
            self._gone.setdefault(id, Pace(self._context.config.values_interval)).failed(str(problem), now)
            return []
        self._gone.pop(id, None)
        return values

    async def _answer(self, request: MetricsRequest, now: float) -> list[Observation]:
        async with self._places:
            answer = await self._access.ask("metrics", request.subscription, lambda: self._send(request, now))
        return [*self._read(request, answer)]

    async def _send(self, request: MetricsRequest, now: float) -> Any:
        """The answer as JSON: the client's objects for it take a tenth of a second, in which nothing else runs."""
        end = (now - _SETTLED) // request.grain * request.grain
        begin = end - max(_BACK, 2.0 * request.grain)
        client = self._access.clients.metrics(request.region)
        answer = await client.send_request(batch_request(request, begin, end))
        answer.raise_for_status()
        return answer.json()

    def _read(self, request: MetricsRequest, answer: Any) -> Iterator[Observation]:
        found = numbers(answer, request.split)
        for each in request.asked:
            if (told := found.get(each.resource.known_by)) is None:
                continue
            for measure in request.measures:
                scale = self._context.config.told_every / measure.grain if measure.counts else 1.0
                for thing, time, value in told.measured(measure, each.resource):
                    id = self._id(each, thing)
                    if id is not None:
                        yield Observation(Series(id, measure.attribute), time, value * scale)

    def _id(self, each: Known, thing: str) -> EntityId | None:
        return each.things.get(thing.lower()) if thing else each.id

    def _learned(self, request: MetricsRequest, problem: RefusedError) -> bool:
        """Whether Azure says that some of the metrics are none of these resources: they are not asked for again."""
        said = _VALID.search(problem.said)
        if problem.status != _BAD or not said:
            return False
        valid = {name.strip(" .'\"").lower() for name in said["names"].split(",")}
        absent = frozenset(name for name in request.names if name.lower() not in valid)
        before = self._absent.get(request.namespace, frozenset())
        self._absent[request.namespace] = before | absent
        if absent:
            self._context.logger.info("Azure has no such metrics", of=request.namespace, metrics=sorted(absent))
        return bool(absent)

    def _forget(self, there: Mapping[str, Known]) -> None:
        """What is remembered of resources that are not there any more."""
        self._gone = {id: pace for id, pace in self._gone.items() if id in there}
        self._paces = {key: pace for key, pace in self._paces.items() if key[-1] in there}

    def _pace(self, request: MetricsRequest) -> Pace:
        last = request.asked[-1].resource.known_by
        key = (request.region, request.namespace, str(request.grain), request.split, last)
        if key not in self._paces:
            self._paces[key] = Pace(self._context.config.values_interval)
        return self._paces[key]

    def _note(self, request: MetricsRequest, before: str, problem: str) -> None:
        """Say what is wrong, once, and that it is well again; what is after a colon makes no difference."""
        if problem.partition(":")[0] == before.partition(":")[0]:
            return
        about = {"of": request.namespace, "subscription": request.subscription, "region": request.region}
        if problem:
            self._context.logger.warning("metrics cannot be had", reason=problem, **about)
        else:
            self._context.logger.info("metrics can be had again", **about)
