"""What is in resources and not in Resource Graph: listed by Azure Resource Manager, resource by resource."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from causely_core.polling import PollError
from causely_plugin_azure.resource import Resource

if TYPE_CHECKING:
    from causely_plugin_azure.access import Access
    from causely_plugin_azure.service import Things

_AT_ONCE = 8
_MOST_PAGES = 50


@frozen
class Listed:
    """What was found in the resources.

    Attributes:
        things: they.
        failed: the ``known_by`` of the resources of which not all could be had.
        problem: of one of them; empty when there is none.
    """

    things: list[Resource]
    failed: frozenset[str] = frozenset()
    problem: str = ""


async def things_in(access: Access, wanted: Iterable[tuple[Resource, Things]]) -> Listed:
    """List what is wanted of each resource."""
    places = asyncio.Semaphore(_AT_ONCE)
    answers = await asyncio.gather(*(_list(access, places, *each) for each in wanted))
    problems = [each.problem for each in answers if each.problem]
    failed = frozenset(id for each in answers for id in each.failed)
    return Listed([thing for each in answers for thing in each.things], failed, min(problems, default=""))


async def _list(access: Access, places: asyncio.Semaphore, parent: Resource, things: Things) -> Listed:
    found: list[Resource] = []
    path = f"{parent.id}/{things.path}?api-version={things.version}"
    async with places:
        try:
            for _ in range(_MOST_PAGES):
                answer = await _page(access, parent, path)
                found += _read(answer, parent, things)
                path = str(answer.get("nextLink") or "")
                if not path:
                    break
        except PollError as problem:
            return Listed(found, frozenset({parent.known_by}), f"{things.path} could not be had: {problem}")
    return Listed(found)


async def _page(access: Access, parent: Resource, path: str) -> dict[str, Any]:
    return await access.ask("arm", parent.subscription, lambda: access.clients.get(path))


def _read(answer: dict[str, Any], parent: Resource, things: Things) -> Iterable[Resource]:
    """They are where their parent is, and of the type that was asked for: Azure does not always say so."""
    rows = answer.get("value")
    for row in rows if isinstance(rows, list) else ():
        thing = Resource.read({**row, "type": things.type}) if isinstance(row, dict) else None
        if thing is not None:
            yield evolve(thing, location=parent.location)
