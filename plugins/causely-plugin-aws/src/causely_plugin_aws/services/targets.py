"""Whom an ARN means, as others name what they send to or read from. Pure."""

from __future__ import annotations

from causely_core.model import EntityId, EntityType, entity_id
from causely_plugin_aws.describing import arn_parts


def target(arn: str) -> EntityId | None:
    """The entity of a queue, topic, function, table or cluster of Kafka; none of what we know nothing of."""
    service, region, account, rest = arn_parts(arn)
    found = _entity(service, rest)
    if found is None:
        return None
    type, kind, name = found
    return entity_id(type, f"aws/{account}/{region}/{kind}/{name}")


def _entity(service: str, rest: str) -> tuple[str, str, str] | None:
    match service:
        case "sqs":
            return EntityType.QUEUE, "sqs", rest
        case "sns":
            return EntityType.TOPIC, "sns", rest
        case "lambda":
            return EntityType.CLOUD_SERVICE, "lambda", rest.split(":")[1] if ":" in rest else rest
        case "dynamodb":
            return EntityType.DATABASE, "dynamodb", rest.split("/")[1] if "/" in rest else rest
        case "kafka":
            return EntityType.CLOUD_SERVICE, "msk", rest.split("/")[1] if "/" in rest else rest
    return None
