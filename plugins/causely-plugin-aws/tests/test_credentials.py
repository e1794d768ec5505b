"""Who asks: roles of other accounts, credentials that end, several regions."""

from .replies import failure, xml_failure
from .watching import watched
from .world import REGION, key

OTHER = "210987654321"
ROLE = f"arn:aws:iam::{OTHER}:role/causely"
ORDERS = f"Queue:{key('sqs', 'orders')}"


async def test_each_account_and_region_is_asked(tmp_path, section, front, world):
    world.queue()
    world.client("sqs", "us-east-1").create_queue(QueueName="far")
    accounts = [{}, {"role_arn": ROLE, "external_id": "from-their-trust-policy", "regions": ["us-west-2"]}]
    given = {"services": ["sqs"], "regions": [REGION, "us-east-1"], "accounts": accounts}
    credentials = world.client("sts").assume_role(RoleArn=ROLE, RoleSessionName="test")["Credentials"]
    world.client("sqs", "us-west-2", credentials).create_queue(QueueName="theirs")
    far, theirs = "Queue:aws/123456789012/us-east-1/sqs/far", f"Queue:aws/{OTHER}/us-west-2/sqs/theirs"
    async with watched(tmp_path, section, **given) as seen:
        await seen.until(lambda: {ORDERS, far, theirs} <= set(seen.topology.entities))
    (assumed,) = [call for call in front.seen if call.operation == "AssumeRole"]
    assert b"ExternalId=from-their-trust-policy" in assumed.body


async def test_credentials_that_end_are_got_anew(tmp_path, section, front, world):
    """Those of a role: as when they were revoked, or the clock of this machine is behind."""
    world.client(
        "sqs", credentials=world.client("sts").assume_role(RoleArn=ROLE, RoleSessionName="test")["Credentials"]
    )
    given = {"services": ["sqs"], "accounts": [{"role_arn": ROLE}], "resources_interval": 0.5}
    ended = set()
    front.answer = lambda seen: failure("ExpiredToken", 403) if seen.key in ended else None
    async with watched(tmp_path, section, **given) as seen:
        await seen.until(lambda: front.count("ListQueues") >= 2)
        ended |= {call.key for call in front.seen if call.operation == "ListQueues"}
        before = front.count("ListQueues")
        await seen.until(
            lambda: any(call.key not in ended for call in front.seen[-3:] if call.operation == "ListQueues")
        )
    assert front.count("AssumeRole") == 2
    assert seen.said == []
    assert before


async def test_refused_credentials_are_one_line_and_all_goes_on_when_they_are_good(
    tmp_path, section, front, world, monkeypatch
):
    world.queue()
    front.answer = lambda seen: xml_failure("ExpiredToken", 403) if seen.key == "AKIATEST" else None
    async with watched(tmp_path, section, services=["sqs"]) as seen:
        await seen.until(lambda: seen.said)
        assert "is answered with ExpiredToken" in seen.said[0]
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIARENEWED")
        await seen.until(lambda: ORDERS in seen.topology.entities)
    assert {said.partition(":")[0] for said in seen.said} <= {
        "GetCallerIdentity is answered with ExpiredToken",
        "a source is complete again",
    }


async def test_without_credentials_that_is_said(tmp_path, section, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    async with watched(tmp_path, section, services=["sqs"]) as seen:
        await seen.until(lambda: seen.said)
    assert "no credentials" in seen.said[0]


async def test_a_tag_chooses_and_describes(tmp_path, section, world):
    world.queue()
    url = world.queue("returns")
    world.client("sqs").tag_queue(QueueUrl=url, Tags={"team": "returns", "secret": "x"})
    async with watched(tmp_path, section, services=["sqs"], tags={"team": ""}, tag_attributes=["team"]) as seen:
        await seen.until(lambda: seen.of("Queue"))
    (queue,) = seen.of("Queue")
    attributes = seen.topology.entities[queue].attributes
    assert attributes["aws.tag.team"] == "returns"
    assert "x" not in attributes.values()
