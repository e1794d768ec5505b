"""Root causes from what AWS tells, and who is who for those who see it from elsewhere."""

import asyncio

import pytest

from causely_core.testing import assert_diagnosis

from .everything import everything
from .world import ACCOUNT, REGION, key

ORDERS, QUEUE = f"Database:{key('rds', 'orders')}", f"Queue:{key('sqs', 'orders')}"
LAMBDA, BILL = f"CloudService:aws/{ACCOUNT}/{REGION}/lambda", f"CloudService:{key('lambda', 'bill')}"


@pytest.fixture
def section(section, world):
    """All that takes long to make is there before the mediator runs, in this process."""
    world.ids = everything(world)
    return section | {"values_interval": 0.5, "resources_interval": 5.0}


async def known(causely, *entities):
    seen = causely.mediator.watch.intake
    await causely.until(lambda: set(entities) <= seen.entities.keys(), 60.0)


async def related(causely, *pairs):
    seen = causely.mediator.watch.intake
    await causely.until(lambda: set(pairs) <= {(each.source, each.target) for each in seen.topology.relations}, 60.0)


async def cleared(causely, symptom):
    async with asyncio.timeout(60.0):
        while symptom in {each["name"] for each in await causely.symptoms()}:
            await asyncio.sleep(0.1)


async def test_whoever_speaks_of_a_resource_means_the_same(causely, world):
    ids, endpoint = world.ids, world.endpoint
    await known(causely, ORDERS, QUEUE, BILL)
    carts = f"Database:{key('dynamodb', 'carts')}"
    pictures = f"CloudService:{key('s3', 'shop-pictures')}"
    causely.discover(
        f"Service:shop/web calls Database:postgresql/{endpoint}:5432/shop",
        f"Service:shop/cart calls ExternalService:{endpoint}:5432",
        f"Service:shop/cart calls Database:aws.dynamodb/dynamodb.{REGION}.amazonaws.com/carts",
        f"Service:shop/web calls ExternalService:shop-pictures.s3.{REGION}.amazonaws.com",
        "Service:shop/web produces_to Queue:aws_sqs/orders",
        "Pod:shop/web runs_on Node:ip-10-0-0-4",
        f"Node:ip-10-0-0-4 same_as Node:{ids['instance']}",
    )
    await related(
        causely,
        ("Service:shop/web", ORDERS),
        ("Service:shop/cart", ORDERS),
        ("Service:shop/cart", carts),
        ("Service:shop/web", pictures),
        ("Service:shop/web", QUEUE),
    )
    balancer = f"LoadBalancer:{key('elbv2', ids['balancer'].partition(':loadbalancer/')[2])}"
    node = f"Node:aws:///{ids['zone']}/{ids['instance']}"
    await related(causely, (balancer, node), (node, f"CloudService:{key('nat', ids['nat'])}"))


async def test_a_database_whose_storage_is_full_is_why_its_callers_fail_until_it_is_not(causely, world):
    world.measure("AWS/RDS", "FreeStorageSpace", {"DBInstanceIdentifier": "orders"}, 2.0**30, end=causely.clock.now())
    await known(causely, ORDERS)
    causely.discover(f"Service:shop/web calls Database:postgresql/{world.endpoint}:5432/shop")
    causely.observe("Service:shop/web", "request_count", [100.0] * 30)
    causely.observe("Service:shop/web", "error_rate", [0.0] * 15 + [0.6] * 15)
    found = await causely.diagnosed("DiskFull", ORDERS, 60.0)
    assert_diagnosis([found], "DiskFull", ORDERS, explains=[("RequestErrorRate_High", "Service:shop/web")])
    world.forget_metrics()
    world.measure(
        "AWS/RDS", "FreeStorageSpace", {"DBInstanceIdentifier": "orders"}, 80 * 2.0**30, end=causely.clock.now()
    )
    await cleared(causely, "DiskUtilization_High")


async def test_concurrency_that_is_used_up_is_why_functions_are_throttled_and_messages_wait(causely, world, front):
    world.measure("AWS/Lambda", "ConcurrentExecutions", {}, 990.0, end=causely.clock.now())
    function = {"FunctionName": "bill"}
    world.measure("AWS/Lambda", "Invocations", function, *[600.0] * 10, end=causely.clock.now())
    world.measure("AWS/Lambda", "Throttles", function, *[0.0] * 9, 500.0, end=causely.clock.now())
    world.measure(
        "AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": "orders"}, *[2.0] * 12, 900.0, end=causely.clock.now()
    )
    found = await causely.diagnosed("ConcurrencyExhausted", LAMBDA, 60.0)
    await causely.seen("Throttled_High", BILL, 60.0)
    await causely.seen("MessageAge_High", QUEUE, 60.0)
    found = await causely.diagnosed("ConcurrencyExhausted", LAMBDA, 60.0)
    assert_diagnosis([found], "ConcurrencyExhausted", LAMBDA)
