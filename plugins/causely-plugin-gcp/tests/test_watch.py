"""The plugin against a Google Cloud on this machine, with Google's own clients."""

import pytest

from .watching import watched

ORDERS = "Database:gcp/shop-prod/europe-west1/sql/orders"
CPU = "cloudsql.googleapis.com/database/cpu/utilization"


@pytest.fixture
def shop(cloud):
    """Two databases, one of which is a replica."""
    for name, primary in (("orders", ""), ("orders-replica", "shop-prod:orders")):
        data = {
            "name": name,
            "databaseVersion": "POSTGRES_16",
            "masterInstanceName": primary,
            "ipAddresses": [{"type": "PRIVATE", "ipAddress": "10.1.2.3" if not primary else "10.1.2.4"}],
            "settings": {"databaseFlags": [{"name": "max_connections", "value": "200"}], "userLabels": {"team": "a"}},
        }
        cloud.add("sqladmin.googleapis.com/Instance", f"instances/{name}", data, "europe-west1")
        cloud.measure(CPU, 0.4, resource__database_id=f"shop-prod:{name}")
    return cloud


async def test_databases_are_told_with_their_values(shop, tmp_path):
    shop.measure("cloudsql.googleapis.com/database/network/connections", 150, resource__database_id="shop-prod:orders")
    shop.measure(
        "cloudsql.googleapis.com/database/replication/replica_lag", 9, resource__database_id="shop-prod:orders-replica"
    )
    async with watched(tmp_path, shop.section(tmp_path)) as found:
        await found.until(lambda: (ORDERS, "replication_lag") in found.values)
        assert found.values[ORDERS, "cpu_utilization"] == 0.4
        assert found.values[ORDERS, "connection_utilization"] == 0.75
        assert found.values[ORDERS, "replication_lag"] == 9.0
        assert found.topology.entities[ORDERS].attributes["db.system.name"] == "postgresql"
        assert (f"{ORDERS}-replica", "part_of", ORDERS) in found.relations
        assert ("ExternalService:10.1.2.3", "same_as", ORDERS) in found.relations


async def test_a_token_that_is_not_good_any_more_is_renewed(shop, tmp_path):
    async with watched(tmp_path, shop.section(tmp_path)) as found:
        await found.until(lambda: (ORDERS, "cpu_utilization") in found.values)
        for _ in range(2):
            asked, before = shop.asked[CPU], shop.asked["token"]
            shop.expire()
            await found.until(lambda asked=asked: shop.asked[CPU] > asked + 2)
            await found.until(lambda before=before: shop.asked["token"] > before)
            # One is enough for all requests under way; resources and metrics may each ask for one.
            assert shop.asked["token"] <= before + 2
        assert not found.said


async def test_credentials_that_are_refused_are_told_once_and_all_goes_on_when_they_are_good(shop, tmp_path):
    shop.refuse("token", 400, times=10_000, said="the pod is not who it says")
    async with watched(tmp_path, shop.section(tmp_path)) as found:
        await found.until(lambda: found.said)
        assert not found.deltas
        shop.refusals.clear()
        await found.until(lambda: (ORDERS, "cpu_utilization") in found.values)
        (reason,) = [each for each in found.said if "no credentials" in each]
        assert "the pod" not in reason
