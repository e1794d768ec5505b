"""The role that is printed is enough, and none of it is too much."""

import json

import pytest
from causely_plugin_azure.command import command
from causely_plugin_azure.rights import actions
from click.testing import CliRunner

from .resources import ONE, TWO, interface, postgresql, private_endpoint, service_bus, thing
from .test_health_and_logs import QUERY, status, table
from .watching import ids, watched

SERVICES = ("postgresql", "servicebus")
ORDERS = f"Database:azure/{ONE}/shop-rg/postgresql/orders"
MAIL = f"Queue:azure/{ONE}/shop-rg/servicebus/shop/mail"
ALLOWED = actions(SERVICES, logs=True)


def fill(azure):
    server, bus, nic = postgresql(), service_bus(), interface("nic", "10.1.2.3")
    azure.rows["resources"] = [server, bus, nic, private_endpoint("link", server["id"], nic)]
    azure.rows["healthresources"] = [status(server)]
    for kind, name in (("queues", "mail"), ("topics", "events")):
        azure.things[f"{bus['id']}/{kind}".lower()] = [thing(bus, kind, name)]
    azure.metrics[server["id"].lower()] = {"cpu_percent": 50.0}
    azure.logs = [table(("shop", "cart", 250.0))]
    azure.quota = 10_000
    logs = {"workspace_id": TWO, "interval": 0.3, "queries": [QUERY]}
    return azure.section(ONE, health=True, services=[*SERVICES], logs=logs)


def all_there(found):
    """Whether all is told that there is."""
    return (
        {ORDERS, MAIL, MAIL.replace("Queue", "Topic").replace("mail", "events")} <= ids(found)
        and ("ExternalService:10.1.2.3", "same_as", ORDERS) in found.relations
        and found.values.get((ORDERS, "cpu_utilization")) == 0.5
        and found.values.get((ORDERS, "azure.unavailable")) == 1.0
        and ("Service:shop/cart", "request_duration.p95") in found.values
    )


async def test_the_role_is_enough(azure, tmp_path):
    section = fill(azure)
    azure.allowed = {each.lower() for each in ALLOWED}
    async with watched(tmp_path, section) as found:
        await found.until(lambda: all_there(found))
        assert found.said == []


@pytest.mark.parametrize("action", [each for each in ALLOWED if "*" not in each and "/events/" not in each])
async def test_without_one_of_its_actions_something_is_missing(azure, tmp_path, action):
    section = fill(azure)
    azure.allowed = {each.lower() for each in ALLOWED if each != action}
    async with watched(tmp_path, section) as found:
        await found.until(lambda: found.said or azure.calls["metrics"] > 3)
        assert not (all_there(found) and found.said == [])


def test_all_of_it_is_reading():
    assert all(each.endswith("/read") for each in actions(logs=True))


def run(*arguments):
    return CliRunner().invoke(command, ["role", *arguments])


def test_the_command_prints_a_role():
    done = run("--subscription", ONE, "--service", "redis", "--no-health")
    assert done.exit_code == 0
    printed = json.loads(done.output)
    assert printed["AssignableScopes"] == [f"/subscriptions/{ONE}"]
    assert "microsoft.cache/redis/read" in printed["Actions"]
    assert not [each for each in printed["Actions"] if "sql" in each or "Health" in each]


def test_the_command_says_what_it_lacks():
    done = run()
    assert done.exit_code == 2
    assert "expected --subscription or --management-group, found none" in done.output
