"""Root causes from what Azure tells, and nothing else."""

import asyncio

import pytest
from causely_plugin_azure import AzurePlugin

from causely_core.testing import assert_diagnosis

from .resources import ONE, interface, postgresql, private_endpoint, row, service_bus, thing

ORDERS = f"Database:azure/{ONE}/shop-rg/postgresql/orders"
CARTS = f"Database:azure/{ONE}/shop-rg/cosmos/carts"
MAIL = f"Queue:azure/{ONE}/shop-rg/servicebus/shop/mail"
PRIVATE = "10.1.2.3"


@pytest.fixture
def plugin():
    return AzurePlugin


@pytest.fixture
def section(azure):
    server, bus, nic = postgresql(), service_bus(), interface("nic", PRIVATE)
    endpoint = {"documentEndpoint": "https://carts.documents.azure.com:443/"}
    cosmos = row("Microsoft.DocumentDB/databaseAccounts", "carts", properties=endpoint)
    azure.rows["resources"] = [server, bus, cosmos, nic, private_endpoint("link", server["id"], nic)]
    azure.things[f"{bus['id']}/queues".lower()] = [thing(bus, "queues", "mail")]
    azure.metrics[server["id"].lower()] = {"cpu_percent": 20.0, "active_connections": 10.0, "max_connections": 100.0}
    azure.metrics[cosmos["id"].lower()] = {"TotalRequests": {"200": 600.0}, "NormalizedRUConsumption": 40.0}
    azure.quota = 10_000
    azure.server, azure.cosmos = server["id"].lower(), cosmos["id"].lower()
    return azure.section(ONE, health=True, told_every=0.5)


async def test_connections_that_are_used_up_are_found_and_end(azure, causely):
    await causely.until(lambda: ORDERS in causely.mediator.watch.intake.entities, 60.0)
    assert await causely.root_causes() == []
    azure.metrics[azure.server]["active_connections"] = 99.0
    found = await causely.diagnosed("ConnectionsExhausted", ORDERS, 60.0)
    assert_diagnosis([found], "ConnectionsExhausted", ORDERS)
    azure.metrics[azure.server]["active_connections"] = 10.0
    async with asyncio.timeout(60):
        while await causely.symptoms():
            await asyncio.sleep(0.1)


async def test_a_throttled_account_explains_its_callers_errors(azure, causely):
    await causely.until(lambda: CARTS in causely.mediator.watch.intake.entities, 60.0)
    azure.metrics[azure.cosmos] = {"TotalRequests": {"200": 600.0, "429": 400.0}, "NormalizedRUConsumption": 100.0}
    found = await causely.diagnosed("RequestUnitsExhausted", CARTS, 60.0)
    assert_diagnosis([found], "RequestUnitsExhausted", CARTS)


async def test_a_fault_of_azure_is_told_as_one(azure, causely):
    await causely.until(lambda: ORDERS in causely.mediator.watch.intake.entities, 60.0)
    properties = {"targetResourceId": azure.server, "availabilityState": "Unavailable", "reasonType": "Unplanned"}
    azure.rows["healthresources"] = [
        {
            "id": f"{azure.server}/status",
            "type": "microsoft.resourcehealth/availabilitystatuses",
            "properties": properties,
        }
    ]
    await causely.diagnosed("PlatformFault", ORDERS, 60.0)
