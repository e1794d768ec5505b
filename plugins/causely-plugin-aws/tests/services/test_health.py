"""What AWS says of itself."""

from ..replies import failure
from ..watching import watched
from ..world import ACCOUNT, REGION, key

LAMBDA = f"CloudService:aws/{ACCOUNT}/{REGION}/lambda"
ISSUE = {"arn": f"arn:aws:health:{REGION}::event/LAMBDA/x", "service": "LAMBDA", "eventTypeCode": "AWS_LAMBDA_ISSUE"}


async def test_an_open_issue_is_told_of_the_service_and_of_what_it_affects(tmp_path, section, front):
    front.lacking.issues = [ISSUE]
    front.lacking.affected = [f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders"]
    async with watched(tmp_path, section, services=["health"]) as seen:
        await seen.until(lambda: (LAMBDA, "provider_issue") in seen.values and LAMBDA in seen.topology.entities)
    assert seen.values[f"Queue:{key('sqs', 'orders')}", "provider_issue"] == 1.0
    assert {call.region for call in front.seen if call.service == "health"} == {"us-east-1"}


async def test_without_a_support_plan_that_is_said_once_and_left(tmp_path, section, front, world):
    world.queue()
    front.answer = lambda seen: failure("SubscriptionRequiredException") if seen.service == "health" else None
    async with watched(tmp_path, section, services=["health", "sqs"], resources_interval=0.5) as seen:
        await seen.until(lambda: front.count("ListQueues") >= 4)
    assert front.count("DescribeEvents") == 1
    (said,) = seen.said
    assert "DescribeEvents is answered with SubscriptionRequiredException" in said
