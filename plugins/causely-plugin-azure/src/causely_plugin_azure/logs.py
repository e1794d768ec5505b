"""Values out of a Log Analytics workspace, by the queries that the settings declare."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from azure.monitor.query import LogsQueryStatus

from causely_core.model import Observation, Series, entity_id
from causely_core.polling import Pace, PollError

if TYPE_CHECKING:
    from azure.monitor.query import LogsQueryPartialResult, LogsQueryResult

    from causely_core.hookspecs import HookContext
    from causely_plugin_azure.access import Access
    from causely_plugin_azure.settings.logs import LogQuery

_MOST_ROWS = 10_000


class Logs:
    """Asks each query once in an interval; one that fails holds up no other."""

    def __init__(self, context: HookContext, access: Access) -> None:
        """Ask through ``access``."""
        self._context, self._access, self._config = context, access, context.config.logs
        self._paces = [Pace(self._config.interval) for _ in self._config.queries]
        self._asked = -math.inf

    async def values(self) -> list[Observation]:
        """What the queries tell; nothing before it is time for them."""
        now = self._context.clock.now()
        if now - self._asked < self._config.interval:
            return []
        self._asked = now
        due = [pair for pair in zip(self._config.queries, self._paces, strict=True) if pair[1].due(now)]
        answers = await asyncio.gather(*(self._ask(query, pace, now) for query, pace in due))
        return [value for values in answers for value in values]

    async def _ask(self, query: LogQuery, pace: Pace, now: float) -> list[Observation]:
        before = pace.problem
        try:
            answer = await self._access.ask("logs", "", lambda: self._send(query))
        except PollError as problem:
            pace.failed(str(problem), now, problem.retry_after)
            self._note(query, before, str(problem))
            return []
        pace.answered()
        pace.problem = _missing(answer)
        self._note(query, before, pace.problem)
        return [*read(query, tables(answer), now)]

    async def _send(self, query: LogQuery) -> LogsQueryResult | LogsQueryPartialResult:
        return await self._access.clients.logs().query_workspace(
            self._config.workspace_id,
            query.query,
            timespan=timedelta(seconds=query.window),
            server_timeout=max(1, math.ceil(self._context.config.timeout)),
        )

    def _note(self, query: LogQuery, before: str, problem: str) -> None:
        if problem.partition(":")[0] == before.partition(":")[0]:
            return
        about = {"entity": query.entity, "attribute": query.attribute}
        if problem:
            self._context.logger.warning("a query of logs tells less than it should", reason=problem, **about)
        else:
            self._context.logger.info("a query of logs is answered again", **about)


def tables(answer: LogsQueryResult | LogsQueryPartialResult) -> list[Any]:
    """The tables of an answer, of a partial one those that there are."""
    found = answer.partial_data if answer.status == LogsQueryStatus.PARTIAL else answer.tables
    return list(found or ())


def read(query: LogQuery, tables: Iterable[Any], now: float) -> Iterator[Observation]:
    """What the rows mean; those that lack the entity or the value are left out."""
    rows = (dict(zip(table.columns, row, strict=False)) for table in tables for row in list(table.rows)[:_MOST_ROWS])
    for row in rows:
        key, value = _key(query.id, row), row.get(query.value)
        if key and isinstance(value, int | float) and math.isfinite(value):
            yield Observation(Series(entity_id(query.entity, key), query.attribute), now, float(value) * query.scale)


def _key(template: str, row: Mapping[str, Any]) -> str:
    try:
        return template.format_map({name: value for name, value in row.items() if value not in (None, "")})
    except (KeyError, ValueError, AttributeError, IndexError):
        return ""


def _missing(answer: LogsQueryResult | LogsQueryPartialResult) -> str:
    if answer.status != LogsQueryStatus.PARTIAL:
        return ""
    return f"the answer is not complete: {' '.join(str(answer.partial_error).split())[:200]}"
