"""Azure Event Hubs: namespaces, and their event hubs as topics."""

from __future__ import annotations

from collections.abc import Iterator

from causely_core.model import EntityId, EntityType, Relation, RelationType, entity_id
from causely_core.polling import same
from causely_plugin_azure.inventory import Inventory
from causely_plugin_azure.metrics.measure import Aggregation, count, per_second, percent, share, total
from causely_plugin_azure.resource import Resource
from causely_plugin_azure.service import Service, Things
from causely_plugin_azure.services.endpoints import host
from causely_plugin_azure.services.messaging import spoken_of

_NAME = "EntityName"
_NAMESPACE = "microsoft.eventhub/namespaces"


def _hosts(namespace: Resource) -> Iterator[str]:
    yield host(namespace.text("serviceBusEndpoint"))


def _in_namespace(hub: Resource, id: EntityId, inventory: Inventory) -> Iterator[Relation]:
    if (namespace := inventory.entity(hub.parent)) is not None:
        yield Relation(id, RelationType.PART_OF, namespace)
    yield from (same(other, id) for other in spoken_of("eventhubs", hub))
    # They speak Kafka, too.
    yield same(entity_id(EntityType.TOPIC, f"kafka/{hub.name}"), id)


SERVICE = Service(
    name="eventhubs",
    type=_NAMESPACE,
    title="Event Hubs",
    entity=EntityType.CLOUD_SERVICE,
    wanted=("serviceBusEndpoint",),
    hosts=_hosts,
    things=(Things(f"{_NAMESPACE}/eventhubs", "2024-01-01"),),
    measures=(
        share("throttled_rate", total("ThrottledRequests"), total("IncomingRequests")),
        share("error_rate", total("ServerErrors"), total("IncomingRequests")),
        count("request_count", "IncomingRequests"),
        per_second("request_rate", "IncomingRequests"),
        percent("azure.capacity_utilization", "NamespaceCpuUsage", Aggregation.MAXIMUM),
        per_second("publish_rate", "IncomingMessages", _NAME),
        per_second("process_rate", "OutgoingMessages", _NAME),
    ),
)

HUBS = Service(name="eventhubs", type=f"{_NAMESPACE}/eventhubs", entity=EntityType.TOPIC, relations=_in_namespace)
