"""All objects of a resource as they are, then what becomes of them.

Lists once, in pages, then watches from the version that the list had, as the API is meant to be used
(kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes) and client-go's reflector does:
bookmarks keep the version fresh, a watch that ends is taken up where it ended, and only when the server has forgotten
that version (410 Gone) everything is listed anew.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Generic, TypeVar

from attrs import define, field, frozen

from causely_core.kubernetes.client import Client
from causely_core.kubernetes.errors import ApiError
from causely_core.kubernetes.resource import Resource

Object = dict[str, Any]
"""An object as the API tells it; parsed JSON."""

Kept = TypeVar("Kept")

PAGE = 500
"""Objects of a page, as kubectl asks for."""

WATCH = 300.0
"""Seconds after which the server ends a watch, at the least; up to twice as many, so that not all end at once."""

SILENCE = 120.0
"""Seconds without a word after which a watch is taken up anew, for it may be dead. Most servers send a bookmark about
every minute; where nothing happens, some do not.
"""

LONGEST_PAUSE = 30.0
"""Seconds before asking a server again that fails and fails."""

REFUSED_PAUSE = 300.0
"""Seconds before asking again for what was refused: rights may be granted, and kinds of objects installed, later."""


@frozen
class Listed(Generic[Kept]):
    """All objects that there are: whatever was known before and is not among them is gone."""

    objects: tuple[Kept, ...]


@frozen
class Changed(Generic[Kept]):
    """An object that is new or another one now, or one that is ``gone``, as it was last."""

    object: Kept
    gone: bool = False


@frozen
class Refused:
    """The resource may not be read (403), or does not exist (404), for now."""

    problem: ApiError


@define
class Reflector(Generic[Kept]):
    """Follows a resource, for ever.

    Attributes:
        keep: what is kept of an object, which as it is told takes ten kilobytes and more.
        namespace: that it is followed in; empty for all.
        fields: selects objects by fields, such as ``spec.nodeName=node-7``; empty for all.
        labels: likewise, by labels.
        pause: seconds before asking a server again that has failed; drawn from its upper half, and doubled with each
            failure up to :data:`LONGEST_PAUSE`.
        silence: seconds without a word after which a watch is taken up anew.
        refused_pause: seconds before asking again for what was refused; drawn likewise.
        lists: how often everything was listed.
        problem: why nothing new is known, in one line; empty while all is well.
    """

    client: Client
    resource: Resource
    keep: Callable[[Object], Kept]
    namespace: str = ""
    fields: str = ""
    labels: str = ""
    pause: float = 0.5
    silence: float = SILENCE
    refused_pause: float = REFUSED_PAUSE
    lists: int = field(default=0, init=False)
    problem: str = field(default="", init=False)
    _served: str = field(init=False)
    _version: str = field(default="", init=False)
    _failures: int = field(default=0, init=False)

    @_served.default
    def _newest(self) -> str:
        return self.resource.version

    async def changes(self) -> AsyncIterator[Listed[Kept] | Changed[Kept] | Refused]:
        """First all, then each change; all again when changes were missed, or may be read again."""
        while True:
            try:
                yield Listed(await self._list())
                async for change in self._watch_on():
                    yield change
            except ApiError as problem:
                if problem.status == 404 and self._turn_to_older():
                    continue
                if problem.refused:
                    yield Refused(problem)
                    await asyncio.sleep(_drawn(self.refused_pause))
                elif not problem.expired:
                    await self._fail(problem)

    async def _list(self) -> tuple[Kept, ...]:
        """All pages; of one moment, as long as the server remembers that."""
        found: list[Kept] = []
        page: Mapping[str, Any] = {}
        more: dict[str, str] = {}
        while not page or more:
            page = await self.client.get(self._path, {**self._selectors, "limit": PAGE, **more})
            found.extend(map(self.keep, page.get("items") or ()))
            token = page["metadata"].get("continue")
            more = {"continue": token} if token else {}
        self._version = page["metadata"]["resourceVersion"]
        self.lists += 1
        self._well()
        return tuple(found)

    async def _watch_on(self) -> AsyncIterator[Changed[Kept]]:
        """Watches, one after the other, until the server has forgotten where the last one ended."""
        while True:
            begun = time.monotonic()
            try:
                async for change in self._watch():
                    yield change
            except ApiError as problem:
                if problem.expired or problem.refused:
                    raise
                await self._fail(problem)
            else:
                # A proxy may end each at once.
                await asyncio.sleep(max(0.0, begun + self.pause - time.monotonic()))

    async def _watch(self) -> AsyncIterator[Changed[Kept]]:
        asked: dict[str, str | int] = {
            **self._selectors,
            "watch": "1",
            "allowWatchBookmarks": "true",
            "resourceVersion": self._version,
            "timeoutSeconds": int(random.uniform(WATCH, 2.0 * WATCH)),
        }
        async with self.client.lines(self._path, asked, self.silence) as lines:
            self._well()
            async for line in lines:
                event = json.loads(line)
                told, kind = event["object"], event["type"]
                if kind == "ERROR":
                    raise ApiError(f"watch {self._path}: {told.get('message', told)}", told.get("code", 0))
                self._version = told["metadata"]["resourceVersion"]
                if kind != "BOOKMARK":
                    yield Changed(self.keep(told), gone=kind == "DELETED")

    async def _fail(self, problem: ApiError) -> None:
        self.problem = str(problem)
        longest = min(self.pause * 2.0**self._failures, LONGEST_PAUSE)
        self._failures = min(self._failures + 1, 16)
        await asyncio.sleep(max(_drawn(longest), problem.retry_after))

    def _turn_to_older(self) -> bool:
        """Ask for an older version of the resource from now on; when there is none, for the newest again, later."""
        versions = (self.resource.version, *self.resource.older)
        following = versions.index(self._served) + 1
        self._served = versions[following % len(versions)]
        return following < len(versions)

    def _well(self) -> None:
        self.problem, self._failures = "", 0

    @property
    def _path(self) -> str:
        return self.resource.path(self.namespace, self._served)

    @property
    def _selectors(self) -> dict[str, str]:
        selectors = {"fieldSelector": self.fields, "labelSelector": self.labels}
        return {name: value for name, value in selectors.items() if value}


def _drawn(longest: float) -> float:
    """From the upper half, so that not all who were refused at once come back at once."""
    return random.uniform(longest / 2, longest)
