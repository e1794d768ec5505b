"""Kafka as Strimzi runs it: clusters, and the topics that it makes."""

from __future__ import annotations

from causely_core.model import Entity, EntityType, Relation, RelationType, entity_id
from causely_plugin_kubernetes.fragments.fragment import Fragment, Object, fragment_of, marks, part_of

_SYSTEM = {"messaging.system": "kafka"}
_CLUSTER = "strimzi.io/cluster"
"""Label of a KafkaTopic: the Kafka that it is in."""


def kafka(found: Object) -> Fragment:
    """A Kafka, with all of its brokers."""
    within, name = found["metadata"]["namespace"], found["metadata"]["name"]
    itself = Entity.of(EntityType.QUEUE, f"kafka/{within}/{name}", name, _SYSTEM | marks(found))
    return fragment_of(found, (itself,), [part_of(itself, within)])


def kafka_topic(found: Object) -> Fragment:
    """A KafkaTopic, known by its name in Kafka, as traces and connections tell it."""
    about = found["metadata"]
    name = (found.get("spec") or {}).get("topicName") or about["name"]
    described = _SYSTEM | {"messaging.destination.name": name}
    itself = Entity.of(EntityType.TOPIC, f"kafka/{name}", name, described | marks(found))
    cluster = (about.get("labels") or {}).get(_CLUSTER)
    brokers = entity_id(EntityType.QUEUE, f"kafka/{about['namespace']}/{cluster}")
    return fragment_of(found, (itself,), [Relation(itself.id, RelationType.PART_OF, brokers)] if cluster else [])
