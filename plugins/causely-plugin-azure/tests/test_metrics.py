"""Values of what was discovered, whatever Azure answers."""

from .resources import ONE, TWO, postgresql, service_bus, thing
from .watching import ids, watched

ORDERS = f"Database:azure/{ONE}/shop-rg/postgresql/orders"
BUS = f"CloudService:azure/{ONE}/shop-rg/servicebus/shop"
MAIL = f"Queue:azure/{ONE}/shop-rg/servicebus/shop/mail"


def key(row):
    return row["id"].lower()


async def test_values_are_in_the_units_of_their_attributes(azure, tmp_path):
    server = postgresql()
    azure.rows["resources"] = [server]
    azure.metrics[key(server)] = {"cpu_percent": 90.0, "active_connections": 40.0, "max_connections": 50.0}
    async with watched(tmp_path, azure.section(ONE)) as found:
        await found.until(lambda: (ORDERS, "connection_utilization") in found.values)
        assert found.values[(ORDERS, "cpu_utilization")] == 0.9
        assert found.values[(ORDERS, "connection_utilization")] == 0.8
        assert (ORDERS, "replication_lag") not in found.values


async def test_queues_have_the_values_of_their_name(azure, tmp_path):
    bus = service_bus()
    azure.rows["resources"] = [bus]
    azure.things[f"{bus['id']}/queues".lower()] = [thing(bus, "queues", "mail")]
    azure.metrics[key(bus)] = {
        "IncomingRequests": 200.0,
        "ThrottledRequests": 50.0,
        "IncomingMessages": {"mail": 120.0, "unknown": 60.0},
        "ActiveMessages": {"Mail": 7.0},
    }
    async with watched(tmp_path, azure.section(ONE, told_every=0.3)) as found:
        await found.until(lambda: {(MAIL, "backlog"), (BUS, "request_count")} <= found.values.keys())
        assert found.values[(MAIL, "publish_rate")] == 2.0
        assert found.values[(MAIL, "backlog")] == 7.0
        assert found.values[(BUS, "throttled_rate")] == 0.25
        # Told every 0.3 s: all tellings of a minute together say how many there were in it.
        assert found.values[(BUS, "request_count")] == 200.0 * 0.3 / 60.0


async def test_one_request_is_for_fifty_of_a_place(azure, tmp_path):
    servers = [postgresql(f"db{number}") for number in range(120)]
    azure.rows["resources"] = [*servers, postgresql("us", location="eastus"), postgresql("two", subscription=TWO)]
    for row in azure.rows["resources"]:
        azure.metrics[key(row)] = {"cpu_percent": 5.0}
    async with watched(tmp_path, azure.section("*", values_interval=300)) as found:
        await found.until(lambda: len({id for id, _ in found.values}) == 122)
        assert azure.calls["metrics"] == 3 + 1 + 1


async def test_one_that_is_gone_takes_nothing_from_the_others(azure, tmp_path):
    servers = [postgresql(f"db{number}") for number in range(7)]
    azure.rows["resources"] = servers
    for row in servers:
        azure.metrics[key(row)] = {"cpu_percent": 5.0}
    azure.metrics[key(servers[3])] = {"gone": True}
    async with watched(tmp_path, azure.section(ONE, resources_interval=300)) as found:
        await found.until(lambda: len(found.values) == 6)
        calls = azure.calls["metrics"]
        await found.until(lambda: azure.calls["metrics"] > calls + 2)
        azure.metrics[key(servers[3])] = {"cpu_percent": 6.0}
        await found.until(lambda: len(found.values) == 7)


async def test_metrics_that_a_kind_of_resource_does_not_have_are_not_asked_for_again(azure, tmp_path):
    server = postgresql()
    azure.rows["resources"] = [server]
    azure.metrics[key(server)] = {"cpu_percent": 50.0}
    azure.absent = {"storage_percent", "deadlocks"}
    async with watched(tmp_path, azure.section(ONE)) as found:
        await found.until(lambda: (ORDERS, "cpu_utilization") in found.values)
        assert "storage_percent" not in azure.asked["metrics"][-1]["metricnames"]
        assert found.said.count("Azure has no such metrics") == 1


async def test_a_subscription_that_may_not_be_read_takes_nothing_from_the_others(azure, tmp_path):
    mine, theirs = postgresql("orders"), postgresql("theirs", subscription=TWO)
    azure.rows["resources"] = [mine, theirs]
    for row in (mine, theirs):
        azure.metrics[key(row)] = {"cpu_percent": 50.0}
    async with watched(tmp_path, azure.section("*", resources_interval=300)) as found:
        await found.until(lambda: ids(found))
        azure.forbidden.add(TWO)
        await found.until(lambda: found.heard("lacks a right (403)"))
        await found.until(lambda: (ORDERS, "cpu_utilization") in found.values)
        azure.forbidden.clear()
        await found.until(lambda: found.heard("metrics can be had again"))
