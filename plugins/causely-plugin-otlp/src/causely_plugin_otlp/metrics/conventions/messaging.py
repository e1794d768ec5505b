"""Consumers of messages, and the backlog of Kafka topics."""

from __future__ import annotations

from causely_plugin_otlp.metrics.rules import Kind, Over, Owner, Rule

_GROUP = ("messaging.consumer.group.name", "messaging.kafka.consumer.group", "group")

RULES = (
    Rule(
        "process_duration.p95",
        Owner.SERVICE,
        ("messaging.process.duration",),
        Kind.P95,
        over=Over.MAX,
    ),
    # Each group reads a topic for itself: the one that is furthest behind counts.
    Rule(
        "backlog",
        Owner.QUEUE,
        ("kafka.consumer_group.lag", "messaging.kafka.consumer.lag", "kafka.consumer.records_lag"),
        per=_GROUP,
        over=Over.MAX,
    ),
    Rule("backlog", Owner.QUEUE, ("kafka.consumer.records_lag_max",), per=_GROUP, over=Over.MAX),
)
