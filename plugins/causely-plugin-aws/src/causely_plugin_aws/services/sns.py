"""SNS: topics, and the queues and functions that subscribe to them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

from causely_core.model import EntityId, EntityType, Relation, RelationType, entity_id
from causely_core.polling import same
from causely_plugin_aws.call import Call
from causely_plugin_aws.describing import arn_parts, described
from causely_plugin_aws.measure import count, rate, share
from causely_plugin_aws.resource import Resource, Service, Subject
from causely_plugin_aws.services.targets import target

if TYPE_CHECKING:
    from causely_plugin_aws.api import Api

# Pages have 100; 30 calls a second each ("Amazon SNS endpoints and quotas").
_TOPICS = Call("sns", "list_topics", "sns:ListTopics", "Topics")
_SUBSCRIPTIONS = Call("sns", "list_subscriptions", "sns:ListSubscriptions", "Subscriptions")

_DELIVERED = ("NumberOfNotificationsDelivered", "NumberOfNotificationsFailed")
_MEASURES = (
    rate("publish_rate", "NumberOfMessagesPublished"),
    count("request_count", *_DELIVERED),
    share("error_rate", _DELIVERED[1:], *_DELIVERED),
)


async def find(api: Api) -> AsyncIterator[Resource]:
    """See :class:`Service`."""
    async for raw in api.items(_TOPICS):
        yield topic(raw["TopicArn"], api)
    async for raw in api.items(_SUBSCRIPTIONS):
        yield subscription(raw, api)


def topic(arn: str, api: Api) -> Resource:
    """A topic."""
    name = arn_parts(arn)[3]
    entity = described(api, EntityType.TOPIC, "sns", name, {"messaging.system": "aws.sns"})
    return Resource(
        entity,
        arn,
        tuple(same(entity_id(type, f"{system}/{name}"), entity.id) for type, system in _SPOKEN),
        subjects=(Subject(entity.id, "AWS/SNS", {"TopicName": name}, _MEASURES),),
    )


def subscription(raw: Mapping[str, Any], api: Api) -> Resource:
    """Who gets what is published; one that waits to be confirmed has no ARN yet."""
    subscriber = target(raw.get("Endpoint", ""))
    if subscriber is None or not raw.get("SubscriptionArn", "").startswith("arn:"):
        return Resource()
    return Resource(arn=raw["SubscriptionArn"], relations=(_reads(subscriber, raw["TopicArn"], api),))


def _reads(subscriber: EntityId, topic: str, api: Api) -> Relation:
    id = entity_id(EntityType.TOPIC, api.key("sns", arn_parts(topic)[3]))
    return Relation(subscriber, RelationType.CONSUMES_FROM, id)


_SPOKEN = ((EntityType.QUEUE, "aws.sns"), (EntityType.QUEUE, "aws_sns"), (EntityType.TOPIC, "aws_sns"))
"""How spans may speak of topics: conventions and instrumentations differ."""

SERVICE = Service("sns", (_TOPICS, _SUBSCRIPTIONS), find)
