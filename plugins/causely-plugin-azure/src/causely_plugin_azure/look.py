"""One look at all resources."""

from __future__ import annotations

import asyncio
from itertools import groupby
from typing import TYPE_CHECKING

from causely_core.polling import Answer, Fading, Hosts, PollError
from causely_plugin_azure import telling
from causely_plugin_azure.graph import Graph, Rows
from causely_plugin_azure.kql import SUBSCRIPTIONS, resources_query
from causely_plugin_azure.resource import Resource
from causely_plugin_azure.services import chosen
from causely_plugin_azure.things import things_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from causely_core.hookspecs import HookContext
    from causely_plugin_azure.access import Access
    from causely_plugin_azure.service import Service, Things

_MOST_SUBSCRIPTIONS = 10_000
_LOOKING_UP = 10.0
"""Seconds that names may hold up what else is told."""


class ResourcesLook:
    """Asks for all resources, and keeps what is known of them.

    Attributes:
        found: those that are entities, after the latest look.
    """

    def __init__(self, context: HookContext, access: Access) -> None:
        """Get ready; nobody is asked yet."""
        self._context, self._config, self._access = context, context.config, access
        self._services = chosen(self._config.services)
        self._graph = Graph(access, self._config)
        self._known: Fading[str, Resource] = Fading(self._config.stale_after)
        self._hosts = Hosts(within=_LOOKING_UP)
        self._left_out = 0
        self.found: list[telling.Known] = []

    async def ask(self) -> Answer:
        """Look.

        Raises:
            PollError: Azure tells nothing.
        """
        lost = await self._lost()
        tables = await asyncio.gather(*(self._table(*each) for each in self._tables()))
        self._note(sum(each.left_out for each in tables))
        found = {each.known_by: each for each in _read(tables)}
        listed = await things_in(self._access, _to_list(found.values(), self._services))
        found |= {each.known_by: each for each in listed.things}
        found |= self._unseen(lost, listed.failed)
        pages = next((each.missing for each in tables if each.missing), "")
        self._known.look(found, self._context.clock.now(), complete=not pages)
        return await self._answer(pages or listed.problem or _unreadable(lost))

    async def _answer(self, missing: str) -> Answer:
        resources = self._known.all()
        self.found = telling.known(resources.values(), self._services)
        everything = telling.inventory(resources, self.found)
        names = telling.hosts(self.found) if self._config.look_up_names else ()
        addresses = await self._hosts.addresses(names)
        told = telling.entities(self.found, self._config.tag_attributes)
        relations = telling.relations(self.found, everything, addresses)
        return Answer.of(told, relations, missing, settled=True)

    async def _lost(self) -> frozenset[str]:
        """Subscriptions that the settings name and the credential may not read: Resource Graph leaves them out."""
        if not self._graph.subscriptions:
            return frozenset()
        rows = await self._graph.rows(SUBSCRIPTIONS, _MOST_SUBSCRIPTIONS)
        if rows.missing:
            raise PollError(rows.missing)
        seen = {str(row.get("id", "")).rpartition("/")[2].lower() for row in rows.rows}
        return frozenset(each for each in self._graph.subscriptions if each not in seen)

    def _tables(self) -> Iterator[tuple[str, list[Service]]]:
        listed = {things.type for service in self._services for things in service.things}
        asked = sorted((each for each in self._services if each.type not in listed), key=lambda each: each.table)
        return ((table, [*services]) for table, services in groupby(asked, lambda each: each.table))

    async def _table(self, table: str, services: list[Service]) -> Rows:
        config = self._config
        query = resources_query(table, services, config.locations, config.tags, config.tag_attributes)
        return await self._graph.rows(query, config.most_resources)

    def _unseen(self, lost: frozenset[str], failed: frozenset[str]) -> dict[str, Resource]:
        """What was known of subscriptions and resources that could not be looked at."""
        before = self._known.all()
        return {id: each for id, each in before.items() if each.subscription in lost or each.parent in failed}

    def _note(self, left_out: int) -> None:
        if left_out and left_out != self._left_out:
            self._access.instruments.left_out("resources", left_out)
            most = self._config.most_resources
            self._context.logger.warning("there are more resources than may be watched", left_out=left_out, most=most)
        self._left_out = left_out


def _read(tables: Iterable[Rows]) -> Iterator[Resource]:
    resources = (Resource.read(row) for table in tables for row in table.rows)
    return (each for each in resources if each is not None)


def _to_list(found: Iterable[Resource], services: Iterable[Service]) -> list[tuple[Resource, Things]]:
    by_type = {service.type: service.things for service in services if service.things}
    return [(each, things) for each in found for things in by_type.get(each.type, ())]


def _unreadable(lost: frozenset[str]) -> str:
    return f"the credential may not read subscriptions: {', '.join(sorted(lost))}" if lost else ""
