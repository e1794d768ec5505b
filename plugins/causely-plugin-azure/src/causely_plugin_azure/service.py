"""What the plugin knows of one kind of resource. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from attrs import frozen

from causely_core.model import Entity, EntityId, Relation, entity_id
from causely_plugin_azure.inventory import Inventory
from causely_plugin_azure.metrics.measure import Measure
from causely_plugin_azure.resource import Resource


def _nothing(resource: Resource, entity: EntityId, inventory: Inventory) -> Iterable[Relation]:
    return ()


def _nobody(resource: Resource) -> Iterable[str]:
    return ()


def _name(resource: Resource) -> str:
    return resource.name


def _any(resource: Resource) -> bool:
    return True


@frozen
class Things:
    """What is in a resource and is not in Resource Graph.

    Attributes:
        type: of Azure, ``microsoft.servicebus/namespaces/queues``.
        version: of the API that lists them.
    """

    type: str
    version: str

    @property
    def path(self) -> str:
        """Where they are listed, below the resource."""
        return self.type.rpartition("/")[2]

    @property
    def action(self) -> str:
        """The right that it takes."""
        return f"{self.type}/read"


@frozen
class Service:
    """One kind of resource.

    Attributes:
        name: in keys of entities and in the settings.
        type: Azure's, in small letters.
        title: as Azure calls the service in Service Health; empty when it is no service of its own.
        entity: the type of its entities; empty when it is nothing by itself and only tells of others.
        wanted: properties that it takes, by their first names.
        takes: whether a resource of the type is one.
        key: of the entity; ``azure/<subscription>/<group>/<name of the service>/<resource>`` without one.
        called: how the metrics of what it is in call it.
        hosts: names and addresses that are one resource's alone.
        addressed: whether the public addresses of these names are, too, and not those of many customers.
        relations: to others.
        measures: what is measured.
        namespace: of the metrics, where it is not the type.
        things: what is in it and has to be listed by itself.
        table: of Resource Graph.
    """

    name: str
    type: str
    entity: str
    title: str = ""
    wanted: tuple[str, ...] = ()
    takes: Callable[[Resource], bool] = _any
    key: Callable[[Resource], str] | None = None
    called: Callable[[Resource], str] = _name
    hosts: Callable[[Resource], Iterable[str]] = _nobody
    addressed: bool = False
    relations: Callable[[Resource, EntityId, Inventory], Iterable[Relation]] = _nothing
    measures: tuple[Measure, ...] = ()
    namespace: str = ""
    things: tuple[Things, ...] = ()
    table: str = "resources"

    def id(self, resource: Resource) -> EntityId:
        """The id of the resource's entity."""
        return entity_id(self.entity, self.key(resource) if self.key else _key(self, resource))

    def describe(self, resource: Resource, tags: Iterable[str] = ()) -> Entity:
        """The resource's entity, with those of its tags that may be told."""
        described = {
            "cloud.provider": "azure",
            "cloud.platform": f"azure.{self.name}",
            "cloud.account.id": resource.subscription,
            "cloud.region": resource.location,
            "azure.resource_group.name": resource.group,
            **{f"azure.tag.{name}": resource.tags.get(name, "") for name in tags},
        }
        given = {name: text for name, text in described.items() if text}
        id = self.id(resource)
        return Entity(id, self.entity, resource.name, given)

    def rights(self) -> Iterator[str]:
        """What the credential must be allowed to do for it."""
        yield f"{self.type}/read"
        yield from (things.action for things in self.things)


def _key(service: Service, resource: Resource) -> str:
    inside = resource.known_by.split("/providers/")[-1].split("/")
    # <provider>/<type>/<name>/<type>/<name>: names of what it is in come first.
    return "/".join(("azure", resource.subscription, resource.group or "-", service.name, *inside[2::2]))
