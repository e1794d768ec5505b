"""What resources are told as: entities, and relations to each other and to what others know. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from ipaddress import ip_address

from attrs import field, frozen

from causely_core.model import Entity, EntityId, Relation
from causely_core.polling import means
from causely_plugin_azure.inventory import Inventory
from causely_plugin_azure.regional import regional
from causely_plugin_azure.resource import Resource
from causely_plugin_azure.service import Service


@frozen
class Known:
    """A resource that is an entity.

    Attributes:
        resource: as Azure tells it.
        service: of which kind it is.
        id: of the entity.
        things: the entities of what is in it, by their names in small letters.
    """

    resource: Resource
    service: Service
    id: EntityId
    things: Mapping[str, EntityId] = field(factory=dict, hash=False)


def known(resources: Iterable[Resource], services: Collection[Service]) -> list[Known]:
    """Those of the resources that are entities; the same whatever their order."""
    by_type: dict[str, list[Service]] = {}
    for service in services:
        by_type.setdefault(service.type, []).append(service)
    ordered = sorted(resources, key=lambda each: each.known_by)
    pairs = ((each, _service(each, by_type.get(each.type, ()))) for each in ordered)
    ids = [(each, service, service.id(each)) for each, service in pairs if service and service.entity]
    inside: dict[str, dict[str, EntityId]] = {}
    for each, service, id in ids:
        inside.setdefault(each.parent, {})[service.called(each).lower()] = id
    return [Known(each, service, id, inside.get(each.known_by, {})) for each, service, id in ids]


def inventory(resources: Mapping[str, Resource], found: Iterable[Known]) -> Inventory:
    """All of them, to look each other up."""
    return Inventory(resources, {each.resource.known_by: each.id for each in found})


def entities(found: Collection[Known], tags: Collection[str]) -> list[Entity]:
    """Their entities, with those tags that may be told, and the services that they are parts of."""
    described = [each.service.describe(each.resource, tags) for each in found]
    return described + list({entity.id: entity for entity, _ in regional(found)}.values())


def hosts(found: Iterable[Known]) -> set[str]:
    """Names whose addresses are to be looked up."""
    return {host for each in found for host in each.service.hosts(each.resource) if host and not _address(host)}


def relations(
    found: Iterable[Known], everything: Inventory, addresses: Mapping[str, Collection[str]]
) -> list[Relation]:
    """What each is to others, and by which names and addresses others mean it.

    Args:
        found: they.
        everything: all resources.
        addresses: of names.
    """
    return [relation for each in found for relation in _relations(each, everything, addresses)]


def _relations(each: Known, everything: Inventory, addresses: Mapping[str, Collection[str]]) -> Iterator[Relation]:
    yield from each.service.relations(each.resource, each.id, everything)
    yield from (relation for _, relation in regional([each]))
    names = {host for host in each.service.hosts(each.resource) if host}
    if not names:
        return
    yield from means(each.id, names | _alone(each, names, addresses) | {*everything.private(each.resource)})


def _alone(each: Known, names: set[str], addresses: Mapping[str, Collection[str]]) -> set[str]:
    """Addresses of the names: public ones of most services are those of many customers."""
    at = {address for name in names for address in addresses.get(name, ())}
    return {address for address in at if each.service.addressed or ip_address(address).is_private}


def _service(resource: Resource, services: Iterable[Service]) -> Service | None:
    return next((service for service in services if service.takes(resource)), None)


def _address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
