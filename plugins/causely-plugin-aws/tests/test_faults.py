"""What AWS does to those who ask: refuse, throttle, say half, and forget who they are."""

import time

from .replies import failure, xml_failure
from .watching import watched
from .world import key

ORDERS, RETURNS = (f"Queue:{key('sqs', name)}" for name in ("orders", "returns"))
DATABASE = f"Database:{key('rds', 'orders')}"


async def test_throttling_is_waited_out_as_long_as_is_asked(tmp_path, section, front, world):
    world.queue()
    refused = []

    def throttle(seen):
        if seen.operation == "ListQueues" and len(refused) < 2:
            refused.append(time.monotonic())
            return failure("ThrottlingException", 400, **{"Retry-After": "1"})
        return None

    front.answer = throttle
    async with watched(tmp_path, section, services=["sqs"]) as seen:
        await seen.until(lambda: ORDERS in seen.topology.entities)
    assert refused[1] - refused[0] >= 1.0
    assert seen.said == []


async def test_one_service_that_fails_holds_up_no_other(tmp_path, section, front, world):
    world.queue()
    world.database()
    front.answer = lambda seen: failure("InternalFailure", 500) if seen.service == "sqs" else None
    async with watched(tmp_path, section, services=["sqs", "rds"]) as seen:
        await seen.until(lambda: DATABASE in seen.topology.entities and seen.said)
        assert ["ListQueues is answered with InternalFailure" in said for said in seen.said] == [True]
        front.answer = lambda seen: None
        await seen.until(lambda: ORDERS in seen.topology.entities)
        await seen.until(lambda: len(seen.said) == 2)


async def test_a_page_that_is_missing_takes_nothing_away(tmp_path, section, front, world):
    for number in range(102):
        world.database(f"db-{number:03}")
    second = lambda seen: seen.operation == "DescribeDBInstances" and b"Marker=" in seen.body  # noqa: E731
    settings = {"services": ["rds"], "resources_interval": 1.0, "stale_after": 0.0}
    async with watched(tmp_path, section, **settings) as seen:
        await seen.until(lambda: len(seen.of("Database")) == 102)
        front.answer = lambda seen: xml_failure("InternalFailure", 500) if second(seen) else None
        await seen.until(lambda: seen.said)
        before = front.count("DescribeDBInstances")
        await seen.until(lambda: front.count("DescribeDBInstances") > before + 4)
        assert len(seen.of("Database")) == 102
        world.client("rds").delete_db_instance(DBInstanceIdentifier="db-000", SkipFinalSnapshot=True)
        front.answer = lambda seen: None
        await seen.until(lambda: len(seen.of("Database")) == 101)


async def test_an_answer_that_is_not_as_documented_holds_up_nobody(tmp_path, section, front, world):
    world.queue()
    front.answer = lambda seen: failure("x", 200) if seen.service == "dynamodb" else None
    async with watched(tmp_path, section, services=["dynamodb", "sqs", "sns"]) as seen:
        await seen.until(lambda: ORDERS in seen.topology.entities)


async def test_metrics_that_cannot_be_had_are_said_and_what_was_known_holds(tmp_path, section, front, world):
    world.queue()
    world.measure("AWS/SQS", "NumberOfMessagesSent", {"QueueName": "orders"}, 600.0)
    async with watched(tmp_path, section, services=["sqs"], values_interval=0.5) as seen:
        await seen.until(lambda: (ORDERS, "publish_rate") in seen.values)
        front.answer = lambda seen: failure("InternalServiceFault", 500) if seen.service == "monitoring" else None
        await seen.until(lambda: any("GetMetricData" in said for said in seen.said))
        told = len(seen.rows)
        await seen.until(lambda: any(row.series.attribute == "publish_rate" for row in seen.rows[told:]))
        front.answer = lambda seen: None
        await seen.until(lambda: "a source is complete again" in seen.said)


async def test_there_is_an_end_to_how_much_is_told(tmp_path, section, world):
    for number in range(5):
        world.queue(f"q-{number}")
    async with watched(tmp_path, section, services=["sqs"], max_resources=3, max_metrics=2) as seen:
        await seen.until(lambda: len(seen.said) == 2)
    assert len(seen.of("Queue")) == 3
    assert {*seen.said} == {"there are more than max_resources (3)", "there are more than max_metrics (2)"}
