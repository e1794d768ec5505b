"""The poll: all queries once in an interval, for the collector and the discoverer together."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from attrs import frozen

from causely_core.model import ObservationBatch
from causely_core.polling import Pace, Told
from causely_plugin_prometheus.errors import QueryError
from causely_plugin_prometheus.instruments import Instruments
from causely_plugin_prometheus.known import Known
from causely_plugin_prometheus.mapping.alert_rule import FIRING
from causely_plugin_prometheus.mapping.facts import Facts, batch, facts
from causely_plugin_prometheus.mapping.files import read_mapping
from causely_plugin_prometheus.questions import Questions
from causely_plugin_prometheus.server import Server

if TYPE_CHECKING:
    from collections.abc import Mapping

    from causely_core.hookspecs import HookContext
    from causely_core.model import Series
    from causely_plugin_prometheus.answer import Answer


@frozen
class Round:
    """What is known after a round.

    Attributes:
        batch: the values of this round.
        told: the topology.
        answered: whether the server has ever answered.
    """

    batch: ObservationBatch
    told: Told
    answered: bool


class Poll:
    """Asks each query once in a round, whatever the number of rules that it is for.

    A query that fails holds up no other: it is asked again after a pause of its own, and all that was known by it
    stays known.
    """

    def __init__(self, context: HookContext) -> None:
        """Read the mappings that the settings name."""
        self._context, config = context, context.config
        self._questions = Questions.of(map(read_mapping, config.mappings), config.window)
        self._known, self._server = Known(self._questions.rules, config.stale_after), Server(config)
        self._paces = {query: Pace(config.interval) for query in self._questions.by_query}
        self._instruments = Instruments(context.meter)
        self._lock, self._places = asyncio.Lock(), asyncio.Semaphore(config.concurrency)
        self._last: Round | None = None
        self._ended, self._answered = 0.0, False
        self._notes: dict[str, str] = {}

    async def latest(self) -> Round:
        """The round of now; who asks while it is under way, or just after it, gets the same."""
        loop = asyncio.get_running_loop()
        asked = loop.time()
        async with self._lock:
            if self._last is None or self._ended < asked - self._context.config.interval / 2:
                self._last = await self._round()
                self._ended = loop.time()
            return self._last

    async def _round(self) -> Round:
        now, until = self._context.clock.now(), asyncio.get_running_loop().time() + self._context.config.interval
        values: dict[Series, float] = {}
        for told in await asyncio.gather(*(self._ask(query, now, until) for query in self._due(now))):
            _add(values, told)
        return Round(batch(values, now), self._known.told(), self._answered)

    def _due(self, now: float) -> list[str]:
        """What is to be asked, with what was not answered at last after all else, and what was longest ago first."""
        due = [query for query, pace in self._paces.items() if pace.due(now)]
        return sorted(due, key=lambda query: bool(self._paces[query].problem))

    async def _ask(self, query: str, now: float, until: float) -> dict[Series, float]:
        async with self._places:
            # What a slow server has kept from being asked in this round comes first in the next one.
            if asyncio.get_running_loop().time() >= until:
                return {}
            self._paces[query] = self._paces.pop(query)
            return await self._answered_now(query, now)

    async def _answered_now(self, query: str, now: float) -> dict[Series, float]:
        begin = time.monotonic()
        try:
            answer = await (self._server.alerts() if query == FIRING else self._server.ask(query))
        except QueryError as problem:
            self._instruments.failed(time.monotonic() - begin)
            self._paces[query].failed(str(problem), self._context.clock.now(), problem.retry_after)
            self._note(query, str(problem))
            return {}
        self._instruments.answered(len(answer.vector), time.monotonic() - begin)
        self._paces[query].answered()
        self._answered = True
        self._note(query, answer.missing and f"the answer is not complete: {answer.missing}")
        return self._heard(query, answer, now)

    def _heard(self, query: str, answer: Answer, now: float) -> dict[Series, float]:
        values: dict[Series, float] = {}
        for index, vector in self._questions.heard(query, answer.vector):
            said = facts(self._known.rules[index], vector)
            self._count(index, said)
            _add(values, self._known.hear(index, said, now, not answer.missing))
        return values

    def _count(self, index: int, said: Facts) -> None:
        rule = self._known.rules[index]
        lacking = f"series lack a label of {rule.key.text!r}" if said.nameless else ""
        self._note(rule.place, lacking, series=said.nameless)

    def _note(self, about: str, problem: str, **more: int) -> None:
        """Say what is wrong with a query, once; and that it is well again.

        What is after a colon does not make it another problem: servers put addresses and times there.
        """
        kind = problem.partition(":")[0]
        if kind == self._notes.get(about, ""):
            return
        self._notes[about] = kind
        first = self._questions.by_query.get(about)
        place = self._known.rules[first[0]].place if first else about
        if problem:
            self._context.logger.warning("a query tells less than it should", mapping=place, reason=problem, **more)
        else:
            self._context.logger.info("a query is answered again", mapping=place)


def _add(values: dict[Series, float], more: Mapping[Series, float]) -> None:
    """Of what several rules say of one attribute the largest counts: of an alert and of what it is about, too."""
    for series, value in more.items():
        values[series] = max(values.get(series, value), value)
