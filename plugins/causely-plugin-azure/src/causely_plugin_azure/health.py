"""What Azure says of itself: Resource Health of each resource, and Service Health of its services in regions."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from causely_core.model import Observation, Series
from causely_core.polling import PollError
from causely_plugin_azure.graph import Graph
from causely_plugin_azure.regional import regional_id

if TYPE_CHECKING:
    from causely_core.hookspecs import HookContext
    from causely_core.model import EntityId
    from causely_plugin_azure.access import Access
    from causely_plugin_azure.graph import Row
    from causely_plugin_azure.telling import Known

RESOURCES = (
    "healthresources | where type =~ 'microsoft.resourcehealth/availabilitystatuses'"
    " | where properties.availabilityState in~ ('Unavailable', 'Degraded')"
    " | project id, properties=bag_pack('targetResourceId', properties['targetResourceId'],"
    " 'availabilityState', properties['availabilityState'], 'reasonType', properties['reasonType'],"
    " 'context', properties['context']) | order by id asc"
)
EVENTS = (
    "servicehealthresources | where type =~ 'microsoft.resourcehealth/events'"
    " | where properties.EventType =~ 'ServiceIssue' | where properties.Status =~ 'Active'"
    " | project id, properties=bag_pack('Impact', properties['Impact']) | order by id asc"
)
_MOST = 5000
_BY_PEOPLE = frozenset({"userinitiated", "customer initiated", "customerinitiated"})
_STATES = {"unavailable": 1.0, "degraded": 0.5}


class Health:
    """Asks for both."""

    def __init__(self, context: HookContext, access: Access) -> None:
        """Ask through ``access``."""
        self._context, self._graph = context, Graph(access, context.config)
        self._problem = ""

    async def values(self, found: Collection[Known]) -> list[Observation]:
        """How each resource and each service in a region is; nothing when Azure does not say."""
        if not self._context.config.health or not found:
            return []
        try:
            statuses = await self._graph.rows(RESOURCES, _MOST)
            events = await self._graph.rows(EVENTS, _MOST)
        except PollError as problem:
            self._note(str(problem))
            return []
        self._note(statuses.missing or events.missing)
        now = self._context.clock.now()
        return [*_resources(found, unavailable(statuses.rows), now), *_services(found, issues(events.rows), now)]

    def _note(self, problem: str) -> None:
        before, self._problem = self._problem, problem.partition(":")[0]
        if problem and self._problem != before:
            self._context.logger.warning("health cannot be had", reason=problem)
        elif before and not problem:
            self._context.logger.info("health can be had again")


def unavailable(rows: Iterable[Row]) -> dict[str, float]:
    """How unavailable resources are that are so by Azure's doing, by their ids in small letters: 1 wholly, 0.5 partly.

    What people have stopped is as they want it.
    """
    found: dict[str, float] = {}
    for row in rows:
        about = _object(row.get("properties"))
        reasons = {str(about.get(name) or "").lower() for name in ("reasonType", "context")}
        state = _STATES.get(str(about.get("availabilityState")).lower(), 0.0)
        if state and not reasons & _BY_PEOPLE:
            found[str(about.get("targetResourceId")).lower()] = state
    return found


def issues(rows: Iterable[Row]) -> set[tuple[str, str]]:
    """Services and regions that Azure has an issue with, as it names them, in small letters and without spaces."""
    return {
        (_plain(impact.get("ImpactedService")), _plain(region.get("ImpactedRegion")))
        for row in rows
        for impact in _list(_object(row.get("properties")).get("Impact"))
        for region in _list(impact.get("ImpactedRegions"))
    }


def _resources(found: Iterable[Known], bad: Mapping[str, float], now: float) -> Iterator[Observation]:
    for each in found:
        if each.service.title:
            yield Observation(Series(each.id, "azure.unavailable"), now, bad.get(each.resource.known_by, 0.0))


def _services(found: Iterable[Known], bad: set[tuple[str, str]], now: float) -> Iterator[Observation]:
    places: dict[EntityId, bool] = {}
    for service, location in {(each.service, each.resource.location) for each in found if each.service.title}:
        id, title = regional_id(service.name, location), _plain(service.title)
        places[id] = places.get(id, False) or (title, location) in bad or (title, "global") in bad
    for id, issue in places.items():
        yield Observation(Series(id, "azure.service_issue"), now, float(issue))


def _plain(value: Any) -> str:
    return str(value or "").lower().replace(" ", "")


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Mapping[str, Any]]:
    """Objects of a list, which may be told as its text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return []
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
