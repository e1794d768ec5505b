"""Queues and topics as those who use them speak of them. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from causely_core.model import EntityId, EntityType, entity_id
from causely_plugin_azure.resource import Resource


def spoken_of(system: str, thing: Resource) -> Iterator[EntityId]:
    """The ids that OTLP gives to a queue or topic; it does not tell the namespace, and takes both for queues.

    Where two namespaces have things of one name, each of them is told, and then neither is meant.
    """
    name = thing.known_by.rpartition("/")[2]
    for each in sorted({name, thing.name}):
        for type in (EntityType.QUEUE, EntityType.TOPIC):
            yield entity_id(type, f"{system}/{each}")
