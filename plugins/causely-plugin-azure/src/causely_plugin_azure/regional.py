"""A service of Azure in a region, of which all its resources there are a part. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from causely_core.model import Entity, EntityId, EntityType, Relation, RelationType, entity_id

if TYPE_CHECKING:
    from causely_plugin_azure.telling import Known


def regional_id(service: str, location: str) -> EntityId:
    """The id of the service in the region."""
    return entity_id(EntityType.CLOUD_SERVICE, f"azure/{location or 'global'}/{service}")


def regional(found: Iterable[Known]) -> Iterator[tuple[Entity, Relation]]:
    """The service of each resource in its region, and that it is a part of it."""
    for each in found:
        if each.service.title:
            id, location = regional_id(each.service.name, each.resource.location), each.resource.location
            described = {"cloud.provider": "azure", "cloud.region": location}
            entity = Entity(id, EntityType.CLOUD_SERVICE, f"{each.service.title}, {location}", described)
            yield entity, Relation(each.id, RelationType.PART_OF, id)
