"""The policy: just what is asked for, no less and no more."""

import json
from contextlib import suppress
from pathlib import Path

import botocore.session
import pytest
from causely_plugin_aws.command import command
from causely_plugin_aws.policy import calls, policy, text
from click.testing import CliRunner

from .everything import everything
from .watching import watched
from .world import key

README = Path(__file__).parents[1] / "README.md"
FREE = {"sts:GetCallerIdentity"}
"""Needs no right (AWS STS API Reference, GetCallerIdentity)."""

PREFIXES = {"kafka": "kafka", "monitoring": "cloudwatch", "tagging": "tag"}
"""Names that IAM has for services, where they are not those that requests are signed for."""

NAMED = {"s3:ListBuckets": "s3:ListAllMyBuckets"}
"""Actions that are not called as the operation is ("Service Authorization Reference")."""

ENFORCED = ["dynamodb", "ebs", "ec2", "elasticache", "elbv2", "nat", "rds", "s3", "sns", "sqs"]
"""Services whose calls moto can check: of others it calculates another signature than botocore."""


@pytest.fixture
def asked(monkeypatch):
    """Every call that boto3 makes, as botocore's own events tell: service and operation."""
    made = set()
    create = botocore.session.Session.create_client

    def listening(session, *args, **kwargs):
        client = create(session, *args, **kwargs)
        model = client.meta.service_model
        prefix = PREFIXES.get(model.signing_name, model.signing_name)

        def called(model, **_):
            made.add("apigateway:GET" if prefix == "apigateway" else f"{prefix}:{model.name}")

        client.meta.events.register("before-call", called)
        return client

    monkeypatch.setattr(botocore.session.Session, "create_client", listening)
    return made


async def test_what_is_asked_is_allowed_and_what_is_allowed_is_asked(tmp_path, section, world, front, asked):
    everything(world)
    front.lacking.insights = True
    front.lacking.issues = [{"arn": "arn:aws:health:eu-west-1::event/LAMBDA/x", "service": "LAMBDA"}]
    asked.clear()
    actions = {call.action for call in calls() if call.action}
    async with watched(tmp_path, section, tag_attributes=["team"]) as seen:
        with suppress(AssertionError):
            await seen.until(lambda: {NAMED.get(each, each) for each in asked} - FREE >= actions, 20)
    assert {NAMED.get(each, each) for each in asked} - FREE == actions


def test_the_readme_shows_the_policy():
    shown = README.read_text().partition("```json\n")[2].partition("\n```")[0]
    assert shown == CliRunner().invoke(command, ["policy"]).output.strip() == text(policy())


def test_less_is_needed_for_less():
    (statement,) = json.loads(CliRunner().invoke(command, ["policy", "--service", "sqs", "--no-tags"]).output)[
        "Statement"
    ]
    assert statement == {"Effect": "Allow", "Action": ["cloudwatch:GetMetricData", "sqs:ListQueues"], "Resource": ["*"]}


def test_roles_of_other_accounts_are_assumed():
    role = "arn:aws:iam::210987654321:role/causely"
    assert {"Effect": "Allow", "Action": ["sts:AssumeRole"], "Resource": [role]} in policy(roles=[role])["Statement"]


def test_every_action_reads_only():
    verbs = {call.action.partition(":")[2] for call in calls() if call.action}
    assert all(verb.startswith(("Describe", "Get", "List", "GET")) for verb in verbs)


class TestEnforced:
    """moto refuses what the policy does not allow."""

    @pytest.fixture
    def user(self, world, monkeypatch):
        """Credentials that have the policy and nothing else, where moto enforces it."""
        iam = world.client("iam")
        iam.create_user(UserName="causely")
        iam.put_user_policy(UserName="causely", PolicyName="causely", PolicyDocument=text(policy()))
        made = iam.create_access_key(UserName="causely")["AccessKey"]
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", made["AccessKeyId"])
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", made["SecretAccessKey"])
        yield
        world.enforce(float("inf"))

    async def test_the_policy_is_enough(self, tmp_path, section, world, user):
        everything(world)
        world.enforce(0)
        async with watched(tmp_path, section, services=ENFORCED) as seen:
            await seen.until(lambda: len(seen.topology.entities) >= 11)
            await seen.until(lambda: seen.values)
        # moto has another name for this action than IAM, and the proxy has changed its percentiles.
        assert [said for said in seen.said if "GetMetricData" not in said] == []

    async def test_without_a_right_that_is_said_and_the_rest_is_there(self, tmp_path, section, world, user):
        iam = world.client("iam")
        less = json.loads(text(policy()).replace("sqs:ListQueues", "sqs:ReceiveMessage"))
        iam.put_user_policy(UserName="causely", PolicyName="causely", PolicyDocument=json.dumps(less))
        world.queue()
        world.database()
        world.enforce(0)
        async with watched(tmp_path, section, services=["sqs", "rds"]) as seen:
            await seen.until(lambda: f"Database:{key('rds', 'orders')}" in seen.topology.entities)
            await seen.until(lambda: any("ListQueues is answered with 403" in said for said in seen.said))
        assert seen.of("Queue") == []
