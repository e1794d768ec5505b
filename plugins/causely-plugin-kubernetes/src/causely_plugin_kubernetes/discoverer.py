"""The discoverer: follows all resources and tells the topology that their objects make."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING

from causely_core.kubernetes import ApiError, Client, Listed, Reflector, Refused
from causely_core.model import Entity, TopologyDelta
from causely_core.rhythm import beat
from causely_plugin_kubernetes.access import access_to
from causely_plugin_kubernetes.cluster import cluster_of
from causely_plugin_kubernetes.conditions.conditions import Conditions
from causely_plugin_kubernetes.conditions.kinds import FIELDS
from causely_plugin_kubernetes.inventory import Inventory
from causely_plugin_kubernetes.seen import Place, Seen, followed, keeper

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
        self._refused: dict[Place, str] = {}

    async def discover(self) -> AsyncIterator[TopologyDelta]:
        """All that there is once everything was listed, then what changes.

        Raises:
            ApiError: the API cannot be found.
        """
        config = self._context.config
        client = Client(await asyncio.to_thread(access_to, config))
        reflectors = {place: self._reflector(client, place) for place in followed(config.config_maps)}
        inventory, unlisted = Inventory(await self._cluster(client)), set(reflectors)
        self.conditions.left_out = inventory.leaves_out
        self.conditions.cluster = inventory.cluster.id if inventory.cluster else None
        tasks = [asyncio.create_task(self._follow(*each, inventory, unlisted)) for each in reflectors.items()]
        told = False
        try:
            while True:
                await beat(config.flush_interval)
                self._look_after(tasks, reflectors)
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

    def _reflector(self, client: Client, place: Place) -> Reflector[Seen]:
        resource, again = place.resource, self._context.config.refused_interval
        fields = FIELDS.get(resource, "")
        return Reflector(client, resource, keeper(resource), place.namespace, fields, refused_pause=again)

    async def _follow(
        self, place: Place, reflector: Reflector[Seen], inventory: Inventory, unlisted: set[Place]
    ) -> None:
        clock, conditions = self._context.clock, self.conditions
        async for found in reflector.changes():
            if isinstance(found, Refused):
                self._refuse(place, found.problem)
            elif isinstance(found, Listed):
                self._refused.pop(place, None)
                inventory.replace(place, [each.fragment for each in found.objects])
                conditions.replace(place, [each.told for each in found.objects], clock.now())
            elif found.gone:
                inventory.remove(place, found.object.fragment.key)
                conditions.remove(place, found.object.told.key, clock.now())
            else:
                inventory.put(place, found.object.fragment)
                conditions.put(place, found.object.told, clock.now())
            unlisted.discard(place)

    def _refuse(self, place: Place, problem: ApiError) -> None:
        """What may not be read, or is not there, is left out, and that is told once; all else is followed."""
        if self._refused.get(place) != str(problem):
            self._refused[place] = str(problem)
            # Most clusters lack some kinds of objects; a right that is lacking is somebody's mistake.
            tell = self._context.logger.info if problem.status == 404 else self._context.logger.warning
            tell("not followed", resource=place.name, reason=str(problem))

    def _look_after(self, tasks: list[asyncio.Task[None]], reflectors: Mapping[Place, Reflector[Seen]]) -> None:
        """Fail when one has failed that should not; tell why nothing new is known, once."""
        for task in tasks:
            if task.done():
                task.result()
        problems = {each.problem: place.name for place, each in reflectors.items() if each.problem}
        for problem in problems.keys() - self._problems:
            self._context.logger.warning("nothing new is known", resource=problems[problem], reason=problem)
        self._problems = set(problems)
