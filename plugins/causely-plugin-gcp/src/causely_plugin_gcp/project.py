"""One project: what is in it, and how it is."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from causely_core.model import Observation
from causely_core.polling import Answer, Hosts, Pace, PollError, means
from causely_plugin_gcp.backends import Backends
from causely_plugin_gcp.estate import Estate, Owner
from causely_plugin_gcp.found import Found
from causely_plugin_gcp.inventory import pages
from causely_plugin_gcp.reading import Reading
from causely_plugin_gcp.telling import TELLING
from causely_plugin_gcp.values import Row, divided, rows

if TYPE_CHECKING:
    from causely_core.hookspecs import HookContext
    from causely_plugin_gcp.clients import Clients
    from causely_plugin_gcp.metric import Metric
    from causely_plugin_gcp.service import Service

_RETRY = 15.0
"""Seconds after which a metric is asked again that was not answered, the first time."""


class Project:
    """Asks for the resources and the metrics of a project.

    Attributes:
        name: its id.
    """

    def __init__(self, context: HookContext, name: str, services: tuple[Service, ...]) -> None:
        """Know nothing yet."""
        self.name, self._estate = name, Estate.of(())
        self._context, self._config = context, context.config
        self._services, self._hosts = services, Hosts()
        self._owners: dict[str, list[Owner]] = {}
        self._kinds: set[str] = set()
        metrics = [metric for service in services for metric in service.metrics]
        self._paces = {metric: Pace(_RETRY) for metric in metrics}
        self._due = dict.fromkeys(metrics, 0.0)
        self._backends = Backends(self._config.interval)
        self._notes: dict[str, str] = {}

    async def values(self, clients: Clients, now: float) -> list[Observation]:
        """What its metrics say that are due, and what descriptions do."""
        health = asyncio.create_task(self._health(clients, now))
        try:
            told = await asyncio.gather(*(self._ask(clients, metric, now) for metric in self._wanted(now)))
            described = [Observation(series, now, value) for series, value in self._estate.values().items()]
            return [*divided(row for each in told for row in each), *described, *await health]
        finally:
            health.cancel()

    async def _health(self, clients: Clients, now: float) -> list[Observation]:
        """How healthy the backends of load balancers are, where that is wanted."""
        if not self._config.backend_health:
            return []
        found = await self._backends.values(clients.compute, self._estate.backends(), now)
        self._note("backends", self._backends.problem)
        return found

    def _wanted(self, now: float) -> list[Metric]:
        """Those that are due, of entities that are there."""
        due = (metric for metric, at in self._due.items() if now >= at and self._paces[metric].due(now))
        return [metric for metric in due if metric.key.partition("/")[0] in self._kinds]

    async def resources(self, clients: Clients) -> Answer:
        """What there is.

        Raises:
            PollError: nothing of it can be had.
        """
        reading = Reading(self._config, self._services)
        found, missing = await self._read(clients, reading)
        most = self._config.max_resources
        if len(found) > most:
            clients.tally.left_out(len(found) - most)
            missing = f"more than max_resources ({most})"
        if reading.unreadable:
            self._note("resources", f"{reading.unreadable} resources are not written as expected")
        return await self._answer(found[:most], missing)

    async def _read(self, clients: Clients, reading: Reading) -> tuple[list[Found], str]:
        """What the pages tell, and why it may not be all."""
        found: list[Found] = []
        try:
            async for page in pages(clients.inventory, self.name, reading.types):
                found += reading.read(page, self.name)
                await asyncio.sleep(0)  # a page takes some hundredths of a second to read
                if len(found) > self._config.max_resources:
                    break
        except PollError as problem:
            if not found:
                raise
            return found, f"a page could not be had: {problem}"
        return found, ""

    async def _answer(self, found: list[Found], missing: str) -> Answer:
        # What an answer lacks that is not complete was known before.
        known = {**(self._estate.found if missing else {}), **{each.name: each for each in found}}
        self._estate = Estate(known)
        self._owners = self._estate.owners()
        self._kinds = {key.partition("/")[0] for key in self._owners}
        hosts = self._estate.hosts()
        names = {name for each in hosts.values() for name in each} if self._config.lookup_names else ()
        addresses = await self._hosts.addresses(names)
        relations = self._estate.relations()
        for entity, its in hosts.items():
            relations += means(entity, {*its, *(address for name in its for address in addresses.get(name, ()))})
        return Answer.of(self._estate.entities(), relations, missing)

    async def _ask(self, clients: Clients, metric: Metric, now: float) -> list[Row]:
        try:
            answer = await clients.monitoring.ask(self.name, metric, now)
        except PollError as problem:
            self._paces[metric].failed(str(problem), now, problem.retry_after)
            self._note(metric.type, str(problem))
            return []
        self._paces[metric].answered()
        self._due[metric] = (
            now + self._config.interval - min(self._config.interval, TELLING) / 2
        )  # the next telling may be early
        self._note(metric.type, answer.missing)
        return rows(metric, answer.series, self._owners, TELLING)

    def _note(self, about: str, problem: str) -> None:
        """What is after a colon does not make it another problem."""
        before, self._notes[about] = self._notes.get(about, ""), problem.partition(":")[0]
        if self._notes[about] == before:
            return
        logger = self._context.logger.bind(project=self.name, source=about)
        if problem:
            logger.warning("a source tells less than it should", reason=problem)
        else:
            logger.info("a source is complete again")
