"""The watch over all projects, which the discoverer and the collector share."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from causely_core.model import EntityId, ObservationBatch, RelationType
from causely_core.polling import Answer, Latest, Look, Survey, Told
from causely_plugin_gcp.project import Project
from causely_plugin_gcp.services import SERVICES
from causely_plugin_gcp.tally import Tally
from causely_plugin_gcp.telling import GRADUAL, TELLING

if TYPE_CHECKING:
    from causely_core.hookspecs import HookContext
    from causely_plugin_gcp.clients import Clients


class Watch:
    """Asks for what is due whenever somebody wants to know; whoever comes meanwhile gets the same.

    Use it within :meth:`opened`; the last one to leave closes the connections.
    """

    def __init__(self, context: HookContext) -> None:
        """Know nothing yet."""
        self._context, config = context, context.config
        services = tuple(SERVICES[name] for name in config.services or SERVICES)
        self._projects = [Project(context, name, services) for name in config.projects]
        self._latest = Latest(config.max_lateness, GRADUAL)
        self._lock, self._tally = asyncio.Lock(), Tally(context.meter)
        self._asking: asyncio.Task[None] | None = None
        self._clients: Clients | None = None
        self._users = 0
        self._survey = self._survey_of()

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Whoever is within may ask."""
        self._users += 1
        try:
            yield
        finally:
            self._users -= 1
            if not self._users:
                await self._close()

    async def _close(self) -> None:
        if self._asking is not None:
            asking, self._asking = self._asking, None
            asking.cancel()
            await asyncio.wait({asking})
        if self._clients is not None:
            clients, self._clients = self._clients, None
            await clients.close()

    async def resources(self) -> Told | None:
        """What there is; none while nobody has ever answered."""
        async with self._lock:
            told = await self._survey.round(self._context.clock.now())
            return unambiguous(told) if self._survey.answered else None

    async def values(self) -> ObservationBatch:
        """How it is, as far as is known now: who does not answer keeps nobody from telling what was known before."""
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask())
        await asyncio.wait({self._asking}, timeout=min(self._context.config.interval, TELLING))
        if self._asking.done():
            asked, self._asking = self._asking, None
            asked.result()
        return self._latest.batch(self._context.clock.now())

    async def _ask(self) -> None:
        await self.resources()
        clients, now = await self._connected(), self._context.clock.now()
        await asyncio.gather(*(self._hear(project, clients, now) for project in self._projects))

    async def _hear(self, project: Project, clients: Clients, now: float) -> None:
        found = await project.values(clients, now)
        self._latest.hear(found, self._context.clock.now())

    async def _connected(self) -> Clients:
        if self._clients is None:
            # Google's libraries take half a second to load, which the event loop need not wait for.
            module = await asyncio.to_thread(importlib.import_module, "causely_plugin_gcp.clients")
            self._clients = self._clients or module.Clients(self._context.config, self._tally)
        return self._clients

    async def _look(self, project: Project) -> Answer:
        return await project.resources(await self._connected())

    def _survey_of(self) -> Survey:
        config = self._context.config
        return Survey(
            [Look(project.name, partial(self._look, project)) for project in self._projects],
            self._context.logger,
            config.resources_interval,
            config.stale_after,
        )


def unambiguous(told: Told) -> Told:
    """Without the names by which things of several projects go, for nobody can tell which is meant."""
    meant: dict[EntityId, set[EntityId]] = {}
    for each in told.relations:
        if each.type == RelationType.SAME_AS:
            meant.setdefault(each.source, set()).add(each.target)
    kept = {each: each for each in told.relations if each.type != RelationType.SAME_AS or len(meant[each.source]) == 1}
    return Told(told.entities, kept)
