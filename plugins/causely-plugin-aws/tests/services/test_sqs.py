"""Queues."""

from ..watching import watched
from ..world import key

ORDERS = f"Queue:{key('sqs', 'orders')}"


async def test_a_queue_is_found_and_measured(tmp_path, section, world):
    world.queue()
    for metric, value in (
        ("ApproximateNumberOfMessagesVisible", 120.0),
        ("ApproximateAgeOfOldestMessage", 90.0),
        ("NumberOfMessagesSent", 600.0),
    ):
        world.measure("AWS/SQS", metric, {"QueueName": "orders"}, value)
    async with watched(tmp_path, section) as seen:
        await seen.until(lambda: (ORDERS, "message_age.p95") in seen.values and ORDERS in seen.topology.entities)
    assert seen.values[ORDERS, "backlog"] == 120.0
    assert seen.values[ORDERS, "message_age.p95"] == 90.0
    assert seen.values[ORDERS, "publish_rate"] == 10.0
    assert ("Queue:aws_sqs/orders", "same_as", ORDERS) in seen.relations
