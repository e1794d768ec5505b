"""Pub/Sub: topics, subscriptions, and what their metrics mean. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from causely_core.model import EntityId, EntityType, RelationType, entity_id
from causely_plugin_gcp.asset import Asset
from causely_plugin_gcp.found import Found, Link, entity
from causely_plugin_gcp.metric import Metric, percentile, rate, requests
from causely_plugin_gcp.outcomes import Outcomes
from causely_plugin_gcp.service import Service

_HOST = "pubsub.googleapis.com"
_TOPIC, _SUBSCRIPTION = "topic/{resource.topic_id}", "subscription/{resource.subscription_id}"


def topic(asset: Asset) -> Found:
    """A topic: what is published to it goes on to its subscriptions."""
    described = entity(asset, EntityType.TOPIC, "pubsub", {"messaging.system": "gcp_pubsub"})
    return Found(asset.name, described, aliases=_aliases(asset), keys=(f"topic/{asset.short}",))


def subscription(asset: Asset) -> Found:
    """A subscription: a queue of what its consumers have not acknowledged yet."""
    source = asset.full(str(asset.data.get("topic") or ""), _HOST)  # empty when the topic was deleted
    return Found(
        asset.name,
        entity(asset, EntityType.QUEUE, "pubsub", {"messaging.system": "gcp_pubsub"}),
        links=tuple(_links(asset, source)),
        aliases=_aliases(asset),
        keys=(f"subscription/{asset.short}",),
        shared_keys={f"subscription-topic/{asset.short}": source} if source else {},
    )


def _links(asset: Asset, source: str) -> Iterator[Link]:
    """From its topic, to that of the messages that are given up, and from whom it pushes messages to."""
    if source:
        yield Link(RelationType.ROUTES_TO, source, inverse=True)
    if dead := asset.full(str((asset.data.get("deadLetterPolicy") or {}).get("deadLetterTopic") or ""), _HOST):
        yield Link(RelationType.PRODUCES_TO, dead)
    if host := urlsplit(str((asset.data.get("pushConfig") or {}).get("pushEndpoint") or "")).hostname:
        yield Link(RelationType.CONSUMES_FROM, entity_id(EntityType.EXTERNAL_SERVICE, host), inverse=True)


def _aliases(asset: Asset) -> tuple[EntityId, ...]:
    """As producers and consumers name it: alone, or in full."""
    names = (asset.short, asset.name.removeprefix(f"//{_HOST}/"))
    return tuple(entity_id(EntityType.QUEUE, f"gcp_pubsub/{name}") for name in names)


PUBSUB = Service(
    "pubsub",
    {"pubsub.googleapis.com/Topic": topic, "pubsub.googleapis.com/Subscription": subscription},
    (
        Metric(
            "pubsub.googleapis.com/topic/message_sizes",
            "publish_rate",
            _TOPIC,
            "ALIGN_DELTA",
            "REDUCE_SUM",
            scale=1 / 60,
        ),
        requests(
            "pubsub.googleapis.com/topic/send_request_count",
            _TOPIC,
            Outcomes("metric.response_class", good=("success",)),
        ),
        percentile("pubsub.googleapis.com/topic/send_request_latencies", "request_duration.p95", _TOPIC, 1e-6),
        Metric("pubsub.googleapis.com/subscription/num_undelivered_messages", "backlog", _SUBSCRIPTION),
        Metric(
            "pubsub.googleapis.com/subscription/oldest_unacked_message_age",
            "consumer_lag",
            "subscription-topic/{resource.subscription_id}",
            "ALIGN_MAX",
            by=("resource.subscription_id",),
        ),
        Metric(
            "pubsub.googleapis.com/subscription/oldest_unacked_message_age",
            "gcp.oldest_message_age",
            _SUBSCRIPTION,
            "ALIGN_MAX",
        ),
        rate("pubsub.googleapis.com/subscription/ack_message_count", "process_rate", _SUBSCRIPTION),
        rate("pubsub.googleapis.com/subscription/dead_letter_message_count", "gcp.dead_letter_rate", _SUBSCRIPTION),
    ),
)
