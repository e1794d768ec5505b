"""What is discovered, from whatever Azure answers."""

import asyncio

from .resources import ONE, TWO, interface, postgresql, private_endpoint, service_bus, thing
from .watching import ids, watched

ORDERS = f"Database:azure/{ONE}/shop-rg/postgresql/orders"
BUS = f"CloudService:azure/{ONE}/shop-rg/servicebus/shop"
MAIL = f"Queue:azure/{ONE}/shop-rg/servicebus/shop/mail"
EVENTS = f"Topic:azure/{ONE}/shop-rg/servicebus/shop/events"


async def test_a_server_is_known_by_its_name_and_its_private_address(azure, tmp_path):
    server = postgresql(tags={"team": "Carts", "owner": "somebody"})
    nic = interface("nic", "10.1.2.3")
    azure.rows["resources"] = [server, nic, private_endpoint("link", server["id"], nic)]
    async with watched(tmp_path, azure.section(ONE, tag_attributes=["team"])) as found:
        await found.until(lambda: ids(found))
        entity = found.topology.entities[ORDERS]
        assert (entity.id, entity.name, entity.attributes["cloud.region"]) == (ORDERS, "orders", "westeurope")
        assert {name: text for name, text in entity.attributes.items() if "tag" in name} == {"azure.tag.team": "Carts"}
        for name in ("orders.postgres.database.azure.com", "10.1.2.3"):
            assert (f"ExternalService:{name}", "same_as", ORDERS) in found.relations


async def test_a_name_is_known_by_its_address_too(azure, tmp_path):
    bus = service_bus()
    bus["properties"]["serviceBusEndpoint"] = "https://localhost:443/"
    azure.rows["resources"] = [bus]
    async with watched(tmp_path, azure.section(ONE, look_up_names=True)) as found:
        await found.until(lambda: ("ExternalService:127.0.0.1", "same_as", BUS) in found.relations)


async def test_queues_and_topics_are_listed_of_each_namespace(azure, tmp_path):
    bus = service_bus()
    azure.rows["resources"], azure.page = [bus], 2
    azure.things[f"{bus['id']}/queues".lower()] = [thing(bus, "queues", f"q{number}") for number in range(5)]
    azure.things[f"{bus['id']}/queues".lower()] += [thing(bus, "queues", "Mail")]
    azure.things[f"{bus['id']}/topics".lower()] = [thing(bus, "topics", "events")]
    async with watched(tmp_path, azure.section(ONE)) as found:
        await found.until(lambda: ids(found))
        assert {BUS, MAIL, EVENTS} <= ids(found)
        assert len(ids(found)) == 8
        assert (MAIL, "part_of", BUS) in found.relations
        assert ("Queue:servicebus/Mail", "same_as", MAIL) in found.relations
        assert ("Queue:servicebus/events", "same_as", EVENTS) in found.relations


async def test_all_pages_are_read(azure, tmp_path):
    azure.page = 3
    azure.rows["resources"] = [postgresql(f"db{number}") for number in range(10)]
    async with watched(tmp_path, azure.section(ONE)) as found:
        await found.until(lambda: len(ids(found)) == 10)


async def test_what_comes_and_goes_is_told(azure, tmp_path):
    azure.rows["resources"] = [postgresql("a"), postgresql("b")]
    async with watched(tmp_path, azure.section(ONE, stale_after=0)) as found:
        await found.until(lambda: len(ids(found)) == 2)
        azure.rows["resources"] = [postgresql("b"), postgresql("c")]
        await found.until(lambda: {id.rpartition("/")[2] for id in ids(found)} == {"b", "c"})


async def test_only_what_is_asked_for_is_told(azure, tmp_path):
    azure.rows["resources"] = [
        postgresql("here", tags={"env": "prod"}),
        postgresql("elsewhere", location="eastus", tags={"env": "prod"}),
        postgresql("test", tags={"env": "test"}),
        service_bus(tags={"env": "prod"}),
    ]
    section = azure.section(ONE, services=["postgresql"], locations=["westeurope"], tags={"env": "prod"})
    async with watched(tmp_path, section) as found:
        await found.until(lambda: ids(found))
        assert ids(found) == {f"Database:azure/{ONE}/shop-rg/postgresql/here"}
    query = azure.asked["graph"][-1]["query"]
    assert "administratorLogin" not in query
    assert azure.calls["arm"] == 0


async def test_more_than_may_be_watched_is_left_out_and_told_once(azure, tmp_path):
    azure.rows["resources"] = [postgresql(f"db{number}") for number in range(5)]
    async with watched(tmp_path, azure.section(ONE, most_resources=3, values_interval=0.2)) as found:
        await found.until(lambda: len(ids(found)) == 3)
        await found.until(lambda: azure.calls["graph"] > 6)
        assert found.said.count("there are more resources than may be watched") == 1


async def test_a_page_that_is_not_answered_loses_nothing(azure, tmp_path):
    azure.rows["resources"], azure.page = [postgresql(f"db{number}") for number in range(4)], 2
    section = azure.section("*", stale_after=0, values_interval=0.2)
    async with watched(tmp_path, section) as found:
        await found.until(lambda: len(ids(found)) == 4)
        del azure.rows["resources"][0]
        azure.page, azure.broken = 1, True
        await found.until(lambda: found.heard("a page could not be had"))
        assert len(ids(found)) == 4
        azure.broken = False
        await found.until(lambda: len(ids(found)) == 3)
        await found.until(lambda: found.heard("a source is complete again"))


async def test_resources_of_a_subscription_that_may_not_be_read_any_more_stay(azure, tmp_path):
    azure.rows["resources"] = [postgresql("a"), postgresql("b", subscription=TWO)]
    async with watched(tmp_path, azure.section(ONE, TWO, stale_after=0, values_interval=0.2)) as found:
        await found.until(lambda: len(ids(found)) == 2)
        azure.forbidden.add(TWO)
        azure.rows["resources"] = [postgresql("c"), postgresql("b", subscription=TWO)]
        await found.until(lambda: f"Database:azure/{ONE}/shop-rg/postgresql/c" in ids(found))
        assert f"Database:azure/{TWO}/shop-rg/postgresql/b" in ids(found)
        assert found.heard("the credential may not read subscriptions")
        azure.forbidden.clear()
        await found.until(lambda: found.heard("a source is complete again"))


async def test_a_namespace_that_may_not_be_looked_into_keeps_its_queues(azure, tmp_path):
    bus = service_bus()
    azure.rows["resources"] = [bus]
    azure.things[f"{bus['id']}/queues".lower()] = [thing(bus, "queues", "mail")]
    async with watched(tmp_path, azure.section("*", stale_after=0, values_interval=0.2)) as found:
        await found.until(lambda: MAIL in ids(found))
        azure.things.clear()
        azure.faults["arm"] = [(403, {"error": {"code": "AuthorizationFailed", "message": "no"}}, {})] * 4
        await found.until(lambda: found.heard("queues could not be had"))
        assert MAIL in ids(found)
        await found.until(lambda: MAIL not in ids(found))


async def test_nothing_is_asked_before_its_time(azure, tmp_path):
    azure.rows["resources"] = [postgresql()]
    async with watched(tmp_path, azure.section(ONE, resources_interval=300)) as found:
        await found.until(lambda: ids(found))
        calls = azure.calls["graph"]
        await asyncio.sleep(1.5)
        assert azure.calls["graph"] == calls


async def test_management_groups_are_asked_for_in_one_query(azure, tmp_path):
    azure.rows["resources"] = [postgresql("a"), postgresql("b", subscription=TWO)]
    section = azure.section() | {"management_groups": ["shops"]}
    async with watched(tmp_path, section) as found:
        await found.until(lambda: len(ids(found)) == 2)
    asked = azure.asked["graph"][0]
    assert asked["managementGroups"] == ["shops"]
    assert asked["options"]["allowPartialScopes"] is True
    assert not asked.get("subscriptions")
