"""One service in one account and region, asked for all that it has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from attrs import define, evolve, field

from causely_core.polling import Answer, Hosts, PollError, means
from causely_plugin_aws.errors import UnsupportedError
from causely_plugin_aws.tags import tagged

if TYPE_CHECKING:
    from causely_core.model import Relation
    from causely_plugin_aws.config import AwsConfig
    from causely_plugin_aws.place import Place
    from causely_plugin_aws.resource import Resource, Service


@define
class Finding:
    """What is found of a service at a place.

    Attributes:
        service: it.
        place: where.
        resources: those of the last answer; where it was not complete, those of before too, if they are not in it.
    """

    service: Service
    place: Place
    config: AwsConfig
    resources: Mapping[str, Resource] = field(factory=dict, init=False)
    _unsupported: UnsupportedError | None = field(default=None, init=False)
    _hosts: Hosts = field(factory=lambda: Hosts(timeout=2.0, within=10.0), init=False)

    async def ask(self) -> Answer:
        """Ask for all; once only, where the account cannot have it.

        Raises:
            PollError: nothing could be had.
        """
        if self._unsupported:
            raise self._unsupported
        found, missing = await self._found()
        found = await self._chosen(found)
        if missing and not found:
            raise PollError(missing)
        fresh = {_name(each, index): each for index, each in enumerate(found)}
        self.resources = {**self.resources, **fresh} if missing else fresh
        return Answer.of(
            [each.entity for each in found if each.entity], [*await self._meanings(found), *_relations(found)], missing
        )

    async def _found(self) -> tuple[list[Resource], str]:
        """As far as one gets, and why not further."""
        found: list[Resource] = []
        try:
            async for resource in self.service.find(await self.place.api()):
                if len(found) >= self.config.max_resources:
                    return found, f"there are more than max_resources ({self.config.max_resources})"
                found.append(resource)
        except UnsupportedError as problem:
            self._unsupported = problem
            raise
        except PollError as problem:
            if not found:
                raise
            return found, str(problem)
        except (LookupError, TypeError, ValueError, AttributeError) as problem:
            return found, f"an answer is not as documented: {type(problem).__name__} {problem}"
        return found, ""

    async def _chosen(self, found: list[Resource]) -> list[Resource]:
        """Those with the tags that the settings want, and with what tags say of them."""
        if not self.config.tags and not self.config.tag_attributes:
            return found
        tags = await self.place.tags()
        wanted = (each for each in found if not each.entity or tagged(tags.get(each.arn, {}), self.config.tags))
        return [_described(each, tags.get(each.arn, {}), self.config.tag_attributes) for each in wanted]

    async def _meanings(self, found: list[Resource]) -> list[Relation]:
        """All names and addresses by which others may speak of a resource."""
        hosts = [host for each in found for host in each.hosts if self.config.resolve]
        addresses = await self._hosts.addresses(hosts)
        relations: list[Relation] = []
        for each in found:
            if each.entity:
                known = {host for name in each.hosts for host in (name, *addresses.get(name, ()))}
                relations += means(each.entity.id, known)
            for name, meant in each.names.items():
                relations += means(meant, [name])
        return relations


def _relations(found: list[Resource]) -> Iterator[Relation]:
    return (relation for each in found for relation in each.relations)


def _name(resource: Resource, index: int) -> str:
    return resource.arn or (resource.entity.id if resource.entity else str(index))


def _described(resource: Resource, tags: Mapping[str, str], names: list[str]) -> Resource:
    shown = {f"aws.tag.{name}": tags[name] for name in names if name in tags}
    if not resource.entity or not shown:
        return resource
    return evolve(resource, entity=evolve(resource.entity, attributes={**resource.entity.attributes, **shown}))
