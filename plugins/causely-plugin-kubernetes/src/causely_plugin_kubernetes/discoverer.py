"""The discoverer: follows all resources and tells the topology that their objects make."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING

from causely_core.kubernetes import ApiError, Client, Listed, Reflector, Refused, Resource
from causely_core.model import TopologyDelta
from causely_core.rhythm import beat
from causely_plugin_kubernetes.access import access_to
from causely_plugin_kubernetes.fragments import FRAGMENTS, Fragment
from causely_plugin_kubernetes.inventory import Inventory

if TYPE_CHECKING:
    from causely_core.hookspecs import HookContext


class KubernetesDiscoverer:
    """Discovers what there is in a cluster.

    Attributes:
        name: ``objects``.
    """

    name = "objects"

    def __init__(self, context: HookContext) -> None:
        self._context = context
        self._problems: set[str] = set()
        self._refused: dict[Resource, str] = {}

    async def discover(self) -> AsyncIterator[TopologyDelta]:
        """All that there is once everything was listed, then what changes.

        Raises:
            ApiError: the API cannot be found.
        """
        config = self._context.config
        client = Client(await asyncio.to_thread(access_to, config))
        again = config.refused_interval
        reflectors = {
            each: Reflector[Fragment](client, each, keep, refused_pause=again) for each, keep in FRAGMENTS.items()
        }
        inventory, unlisted = Inventory(), set(reflectors)
        tasks = [asyncio.create_task(self._follow(each, inventory, unlisted)) for each in reflectors.values()]
        told = False
        try:
            while True:
                await beat(config.flush_interval)
                self._look_after(tasks, reflectors.values())
                if unlisted:
                    continue
                delta = inventory.flush()
                if not told:
                    told = True
                    yield inventory.snapshot()
                elif delta:
                    yield delta
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await client.aclose()

    async def _follow(self, reflector: Reflector[Fragment], inventory: Inventory, unlisted: set[Resource]) -> None:
        resource = reflector.resource
        async for found in reflector.changes():
            if isinstance(found, Refused):
                self._refuse(resource, found.problem)
            elif isinstance(found, Listed):
                self._refused.pop(resource, None)
                inventory.replace(resource, found.objects)
            elif found.gone:
                inventory.remove(resource, found.object.key)
            else:
                inventory.put(resource, found.object)
            unlisted.discard(resource)

    def _refuse(self, resource: Resource, problem: ApiError) -> None:
        """What may not be read, or is not there, is left out, and that is told once; all else is followed."""
        if self._refused.get(resource) != str(problem):
            self._refused[resource] = str(problem)
            # Most clusters lack some kinds of objects; a right that is lacking is somebody's mistake.
            tell = self._context.logger.info if problem.status == 404 else self._context.logger.warning
            tell("not followed", resource=resource.name, reason=str(problem))

    def _look_after(self, tasks: list[asyncio.Task[None]], reflectors: Iterable[Reflector[Fragment]]) -> None:
        """Fail when one has failed that should not; tell why nothing new is known, once."""
        for task in tasks:
            if task.done():
                task.result()
        problems = {each.problem: each.resource.name for each in reflectors if each.problem}
        for problem in problems.keys() - self._problems:
            self._context.logger.warning("nothing new is known", resource=problems[problem], reason=problem)
        self._problems = set(problems)
