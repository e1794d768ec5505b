"""SQS: queues."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from causely_core.model import EntityType, entity_id
from causely_core.polling import same
from causely_plugin_aws.call import Call
from causely_plugin_aws.describing import described
from causely_plugin_aws.measure import gauge, rate
from causely_plugin_aws.resource import Resource, Service, Subject

if TYPE_CHECKING:
    from causely_plugin_aws.api import Api

# Pages have at most 1000 ("Amazon SQS API Reference", ListQueues, MaxResults), which must be asked for to get any.
_QUEUES = Call("sqs", "list_queues", "sqs:ListQueues", "QueueUrls")
_PAGE = 1000

_MEASURES = (
    gauge("backlog", "ApproximateNumberOfMessagesVisible", "Maximum"),
    gauge("message_age.p95", "ApproximateAgeOfOldestMessage", "Maximum"),
    rate("publish_rate", "NumberOfMessagesSent"),
    rate("process_rate", "NumberOfMessagesDeleted"),
)


async def find(api: Api) -> AsyncIterator[Resource]:
    """See :class:`Service`."""
    async for url in api.items(_QUEUES, MaxResults=_PAGE):
        yield queue(url, api)


def queue(url: str, api: Api) -> Resource:
    """A queue, which clients and their spans know by its name."""
    name = url.rpartition("/")[2]
    entity = described(api, EntityType.QUEUE, "sqs", name, {"messaging.system": "aws_sqs"})
    return Resource(
        entity,
        f"arn:{api.partition}:sqs:{api.region}:{api.account}:{name}",
        (same(entity_id(EntityType.QUEUE, f"aws_sqs/{name}"), entity.id),),
        subjects=(Subject(entity.id, "AWS/SQS", {"QueueName": name}, _MEASURES),),
    )


SERVICE = Service("sqs", (_QUEUES,), find)
