"""Root causes from what Google Cloud tells."""

import asyncio

import pytest
from causely_plugin_gcp import GcpPlugin

from causely_core.testing import assert_diagnosis

from .shop import build

ORDERS = "Database:gcp/shop-prod/europe-west1/sql/orders"
TOPIC, MAILS = "Topic:gcp/shop-prod/global/pubsub/placed", "Queue:gcp/shop-prod/global/pubsub/mails"
MAILER = "CloudService:gcp/shop-prod/europe-west1/run/mailer"
WEB = "LoadBalancer:gcp/shop-prod/global/forwarding-rule/web"


@pytest.fixture
def plugin():
    return GcpPlugin


@pytest.fixture
def section(cloud, tmp_path):
    build(cloud)
    return cloud.section(tmp_path)


async def known(causely, *entities):
    seen = causely.mediator.watch.intake
    await causely.until(lambda: set(entities) <= seen.entities.keys(), 60.0)


async def cleared(causely, symptom):
    async with asyncio.timeout(60.0):
        while symptom in {each["name"] for each in await causely.symptoms()}:
            await asyncio.sleep(0.1)


def set_to(cloud, type, value, **labels):
    """Measure it anew."""
    cloud.metrics["shop-prod", type] = []
    cloud.measure(type, value, **labels)


async def test_a_database_that_is_down_is_why_its_callers_fail(causely, cloud):
    up = "cloudsql.googleapis.com/database/up"
    set_to(cloud, up, 1, resource__database_id="shop-prod:orders")
    await known(causely, ORDERS)
    causely.discover("Service:shop/web calls Database:postgresql/10.1.2.3:5432/shop")
    causely.observe("Service:shop/web", "request_count", [100.0] * 30)
    causely.observe("Service:shop/web", "error_rate", [0.0] * 15 + [0.6] * 15)
    set_to(cloud, up, 0, resource__database_id="shop-prod:orders")
    found = await causely.diagnosed("CloudSQLDown", ORDERS, 60.0)
    assert_diagnosis([found], "CloudSQLDown", ORDERS, explains=[("RequestErrorRate_High", "Service:shop/web")])
    set_to(cloud, up, 1, resource__database_id="shop-prod:orders")
    await cleared(causely, "CloudSQL_Down")


async def test_messages_that_nobody_takes_are_told_of_their_subscription(causely, cloud):
    age = "pubsub.googleapis.com/subscription/oldest_unacked_message_age"
    run = {"resource__location": "europe-west1", "resource__service_name": "mailer"}
    cloud.measure("run.googleapis.com/request_count", 60.0, **run, metric__response_code="200")
    cloud.measure("run.googleapis.com/request_latencies", 20.0, **run)
    await known(causely, MAILS)
    set_to(cloud, age, 1900, resource__subscription_id="mails")
    found = await causely.diagnosed("PubSubUnacknowledged", MAILS, 60.0)
    assert_diagnosis([found], "PubSubUnacknowledged", MAILS)
    await causely.seen("ConsumerLag_High", TOPIC, 60.0)


async def test_a_service_that_may_not_grow_is_why_the_load_balancer_fails(causely, cloud):
    await known(causely, MAILER, WEB)
    run = {"resource__location": "europe-west1", "resource__service_name": "mailer"}
    rule = {"resource__forwarding_rule_name": "web", "resource__region": "global"}
    for type, labels in (
        ("run.googleapis.com/request_count", run),
        ("loadbalancing.googleapis.com/https/request_count", rule),
    ):
        cloud.measure(type, 60.0, **labels, metric__response_code="200")
        cloud.measure(type, 40.0, **labels, metric__response_code="429" if labels is run else "503")
    set_to(cloud, "run.googleapis.com/container/instance_count", 10, **run)
    found = await causely.diagnosed("CloudRunAtMax", MAILER, 60.0)
    assert_diagnosis([found], "CloudRunAtMax", MAILER, explains=[("Throttled_High", MAILER)])
