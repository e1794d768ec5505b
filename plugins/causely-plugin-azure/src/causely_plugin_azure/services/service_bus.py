"""Azure Service Bus: namespaces, their queues and topics."""

from __future__ import annotations

from collections.abc import Iterator

from causely_core.model import EntityId, EntityType, Relation, RelationType
from causely_core.polling import same
from causely_plugin_azure.inventory import Inventory
from causely_plugin_azure.metrics.measure import (
    Aggregation,
    count,
    level,
    per_second,
    percent,
    share,
    total,
)
from causely_plugin_azure.resource import Resource
from causely_plugin_azure.service import Service, Things
from causely_plugin_azure.services.endpoints import host
from causely_plugin_azure.services.messaging import spoken_of

_NAME = "EntityName"
"""The dimension that tells the queue or topic."""

_NAMESPACE = "microsoft.servicebus/namespaces"


def _hosts(namespace: Resource) -> Iterator[str]:
    yield host(namespace.text("serviceBusEndpoint"))


def _in_namespace(thing: Resource, id: EntityId, inventory: Inventory) -> Iterator[Relation]:
    if (namespace := inventory.entity(thing.parent)) is not None:
        yield Relation(id, RelationType.PART_OF, namespace)
    yield from (same(other, id) for other in spoken_of("servicebus", thing))


SERVICE = Service(
    name="servicebus",
    type=_NAMESPACE,
    title="Service Bus",
    entity=EntityType.CLOUD_SERVICE,
    wanted=("serviceBusEndpoint",),
    hosts=_hosts,
    things=(Things(f"{_NAMESPACE}/queues", "2021-11-01"), Things(f"{_NAMESPACE}/topics", "2021-11-01")),
    measures=(
        share("throttled_rate", total("ThrottledRequests"), total("IncomingRequests")),
        share("error_rate", total("ServerErrors"), total("IncomingRequests")),
        count("request_count", "IncomingRequests"),
        per_second("request_rate", "IncomingRequests"),
        percent("azure.capacity_utilization", "NamespaceCpuUsage", Aggregation.MAXIMUM),
        per_second("publish_rate", "IncomingMessages", _NAME),
        per_second("process_rate", "OutgoingMessages", _NAME),
        level("backlog", "ActiveMessages", each=_NAME),
        level("azure.dead_letters", "DeadletteredMessages", each=_NAME),
    ),
)

QUEUES = Service(name="servicebus", type=f"{_NAMESPACE}/queues", entity=EntityType.QUEUE, relations=_in_namespace)
TOPICS = Service(name="servicebus", type=f"{_NAMESPACE}/topics", entity=EntityType.TOPIC, relations=_in_namespace)
