"""The discoverer: follows all resources and tells the topology that their objects make."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING

from causely_core.kubernetes import ApiError, Client, Listed, Reflector, Refused, Resource
from causely_core.model import Entity, TopologyDelta
from causely_core.rhythm import beat
from causely_plugin_kubernetes.access import access_to
from causely_plugin_kubernetes.cluster import cluster_of
from causely_plugin_kubernetes.conditions.conditions import Conditions
from causely_plugin_kubernetes.conditions.kinds import FIELDS
from causely_plugin_kubernetes.inventory import Inventory
from causely_plugin_kubernetes.seen import Seen, followed, keeper

if TYPE_CHECKING:
    from causely_core.hookspecs import HookContext


class KubernetesDiscoverer:
    """Discovers what there is in a cluster, and notes how it is.

    Attributes:
        name: ``objects``.
        conditions: filled with what the objects tell.
    """

    name = "objects"

    def __init__(self, context: HookContext, conditions: Conditions | None = None) -> None:
        self._context, self.conditions = context, conditions or Conditions()
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
            each: Reflector[Seen](client, each, keeper(each), fields=FIELDS.get(each, ""), refused_pause=again)
            for each in followed(config.config_maps)
        }
        inventory, unlisted = Inventory(await self._cluster(client)), set(reflectors)
        self.conditions.left_out = inventory.leaves_out
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

    async def _cluster(self, client: Client) -> Entity | None:
        try:
            return await cluster_of(client, self._context.cluster)
        except ApiError:
            await client.aclose()
            raise

    async def _follow(self, reflector: Reflector[Seen], inventory: Inventory, unlisted: set[Resource]) -> None:
        resource, clock, conditions = reflector.resource, self._context.clock, self.conditions
        async for found in reflector.changes():
            if isinstance(found, Refused):
                self._refuse(resource, found.problem)
            elif isinstance(found, Listed):
                self._refused.pop(resource, None)
                inventory.replace(resource, [each.fragment for each in found.objects])
                conditions.replace(resource, [each.told for each in found.objects], clock.now())
            elif found.gone:
                inventory.remove(resource, found.object.fragment.key)
                conditions.remove(resource, found.object.told.key, clock.now())
            else:
                inventory.put(resource, found.object.fragment)
                conditions.put(resource, found.object.told, clock.now())
            unlisted.discard(resource)

    def _refuse(self, resource: Resource, problem: ApiError) -> None:
        """What may not be read, or is not there, is left out, and that is told once; all else is followed."""
        if self._refused.get(resource) != str(problem):
            self._refused[resource] = str(problem)
            # Most clusters lack some kinds of objects; a right that is lacking is somebody's mistake.
            tell = self._context.logger.info if problem.status == 404 else self._context.logger.warning
            tell("not followed", resource=resource.name, reason=str(problem))

    def _look_after(self, tasks: list[asyncio.Task[None]], reflectors: Iterable[Reflector[Seen]]) -> None:
        """Fail when one has failed that should not; tell why nothing new is known, once."""
        for task in tasks:
            if task.done():
                task.result()
        problems = {each.problem: each.resource.name for each in reflectors if each.problem}
        for problem in problems.keys() - self._problems:
            self._context.logger.warning("nothing new is known", resource=problems[problem], reason=problem)
        self._problems = set(problems)
