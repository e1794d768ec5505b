"""What goes wrong loses nothing that is known, is told once, and ends by itself."""

import time

import pytest
from causely_plugin_gcp.clients import Clients
from causely_plugin_gcp.inventory import pages
from causely_plugin_gcp.services import SERVICES
from causely_plugin_gcp.tally import Tally
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from causely_core.polling import PollError

from .watching import context, watched

DATABASE = "sqladmin.googleapis.com/Instance"
CPU, DISK = (f"cloudsql.googleapis.com/database/{name}/utilization" for name in ("cpu", "disk"))
METRIC = next(metric for metric in SERVICES["sql"].metrics if metric.type == CPU)


def name(number, project="shop-prod"):
    return f"Database:gcp/{project}/europe-west1/sql/db-{number}"


@pytest.fixture
def databases(cloud):
    """Ten of them, on pages of four."""
    cloud.page = 4
    for project in ("shop-prod", "shop-test"):
        for number in range(10):
            cloud.add(DATABASE, f"instances/db-{number}", {"databaseVersion": "MYSQL_8_0"}, "europe-west1", project)
            for type in (CPU, DISK):
                cloud.measure(type, 0.5, project, resource__database_id=f"{project}:db-{number}")
    return cloud


async def asked(cloud, tmp_path, what, meter=None, **settings):
    """The answer of one question to the clients."""
    about = context(tmp_path, cloud.section(tmp_path, **settings), meter=meter)
    clients = Clients(about.config, Tally(about.meter))
    try:
        return await what(clients)
    finally:
        await clients.close()


async def test_all_pages_are_read(databases, tmp_path):
    databases.series_page = 3
    async with watched(tmp_path, databases.section(tmp_path)) as found:
        await found.until(lambda: {(name(number), "cpu_utilization") for number in range(10)} <= found.values.keys())
        assert {name(number) for number in range(10)} <= found.topology.entities.keys()


async def test_a_page_that_cannot_be_had_takes_nothing_away(databases, tmp_path):
    async with watched(tmp_path, databases.section(tmp_path, stale_after=0.0)) as found:
        await found.until(lambda: len(found.topology.entities) == 10)
        before = databases.asked["cloudasset"]
        databases.refuse("page/8", 503, times=10_000)
        await found.until(lambda: any("a page could not be had" in reason for reason in found.said))
        await found.until(lambda: databases.asked["cloudasset"] > before + 6)
        assert len(found.topology.entities) == 10
        databases.metrics["shop-prod", CPU] = []
        databases.measure(CPU, 0.9, resource__database_id="shop-prod:db-9")
        await found.until(lambda: found.values.get((name(9), "cpu_utilization")) == 0.9)
        databases.refusals.clear()
        await found.until(lambda: "a source is complete again" in found.said)


async def test_a_project_that_may_not_be_asked_holds_up_no_other(databases, tmp_path):
    databases.refuse("assets/shop-test", 403, times=10_000, said="me@example.com lacks cloudasset.assets.listResource")
    section = databases.section(tmp_path, projects=["shop-test", "shop-prod"])
    async with watched(tmp_path, section) as found:
        await found.until(lambda: (name(3), "cpu_utilization") in found.values)
        await found.until(lambda: found.said)
        assert found.said == ["refused with PERMISSION_DENIED"]
        assert not [each for each in found.topology.entities if "shop-test" in each]


async def test_two_projects_are_two(databases, tmp_path):
    async with watched(tmp_path, databases.section(tmp_path, projects=["shop-test", "shop-prod"])) as found:
        await found.until(
            lambda: {(name(1), "disk_utilization"), (name(1, "shop-test"), "disk_utilization")} <= found.values.keys()
        )


async def test_a_metric_that_is_refused_is_told_once_and_holds_up_no_other(databases, tmp_path):
    databases.refuse(CPU, "PERMISSION_DENIED", times=10_000, said="request 17")
    async with watched(tmp_path, databases.section(tmp_path)) as found:
        await found.until(lambda: (name(1), "disk_utilization") in found.values)
        await found.until(lambda: databases.asked[DISK] > 3)
        assert found.said == ["refused with PERMISSION_DENIED"]
        assert databases.asked[CPU] == 1


async def test_a_metric_that_was_never_measured_is_no_problem(databases, tmp_path):
    databases.refuse(CPU, "NOT_FOUND", times=10_000, said="Cannot find metric(s) that match type")
    async with watched(tmp_path, databases.section(tmp_path)) as found:
        await found.until(lambda: databases.asked[CPU] > 2)
        assert not found.said


async def test_parts_of_an_answer_are_better_than_none(databases, tmp_path):
    databases.execution_errors[CPU] = ["cell 7 is not there"]
    async with watched(tmp_path, databases.section(tmp_path)) as found:
        await found.until(lambda: (name(1), "cpu_utilization") in found.values)
        assert "part of it could not be read: cell 7 is not there" in found.said


@pytest.mark.parametrize("about", [CPU, "shop-prod"])
async def test_a_request_too_many_says_when_to_ask_again(databases, tmp_path, about):
    databases.refuse(about, "RESOURCE_EXHAUSTED", retry=42)
    with pytest.raises(PollError, match="one request too many") as found:
        await asked(databases, tmp_path, lambda clients: clients.monitoring.ask("shop-prod", METRIC, time.time()))
    assert found.value.retry_after == 42.0


async def test_too_many_pages_say_when_to_ask_again(databases, tmp_path):
    async def all_pages(clients):
        return [page async for page in pages(clients.inventory, "shop-prod", [DATABASE])]

    databases.refuse("assets/shop-prod", 429, retry=17)
    with pytest.raises(PollError, match="one request too many") as found:
        await asked(databases, tmp_path, all_pages)
    assert found.value.retry_after == 17.0


async def test_an_answer_that_does_not_come_is_not_waited_for(databases, tmp_path):
    databases.refuse(CPU, "hold")
    with pytest.raises(PollError, match="DEADLINE_EXCEEDED"):
        await asked(
            databases, tmp_path, lambda clients: clients.monitoring.ask("shop-prod", METRIC, time.time()), timeout=0.3
        )


async def test_who_does_not_answer_keeps_nobody_from_telling_what_is_known(databases, tmp_path):
    async with watched(tmp_path, databases.section(tmp_path)) as found:
        await found.until(lambda: (name(1), "cpu_utilization") in found.values)
        databases.refuse(DISK, "hold", times=10_000)
        asked = databases.asked[DISK]
        await found.until(lambda: databases.asked[DISK] > asked)
        told = found.batches
        await found.until(lambda: found.batches > told + 1, 20.0)


async def test_tokens_that_are_never_good_are_a_refusal(databases, tmp_path):
    databases.refuse(CPU, "UNAUTHENTICATED", times=10)
    with pytest.raises(PollError, match="refused with UNAUTHENTICATED"):
        await asked(databases, tmp_path, lambda clients: clients.monitoring.ask("shop-prod", METRIC, time.time()))


async def test_a_server_that_is_not_there_is_told(databases, tmp_path):
    endpoints = {"cloudasset": "http://127.0.0.1:1", "monitoring": "http://127.0.0.1:1"}

    async def page(clients):
        return await anext(pages(clients.inventory, "shop-prod", [DATABASE]))

    with pytest.raises(PollError, match="cannot be asked: ConnectionError"):
        await asked(databases, tmp_path, page, endpoints=endpoints)
    with pytest.raises(PollError, match="refused with UNAVAILABLE"):
        await asked(
            databases,
            tmp_path,
            lambda clients: clients.monitoring.ask("shop-prod", METRIC, time.time()),
            endpoints=endpoints,
        )


async def test_more_resources_than_may_be_are_left_out_and_that_is_told(databases, tmp_path):
    async with watched(tmp_path, databases.section(tmp_path, max_resources=6)) as found:
        await found.until(lambda: found.deltas)
        assert len(found.topology.entities) == 6
        assert found.said == ["more than max_resources (6)"]


async def test_requests_are_counted_by_api_and_result(databases, tmp_path):
    reader = InMemoryMetricReader()
    meter = MeterProvider([reader]).get_meter("test")
    databases.refuse(CPU, "RESOURCE_EXHAUSTED")
    with pytest.raises(PollError):
        await asked(
            databases, tmp_path, lambda clients: clients.monitoring.ask("shop-prod", METRIC, time.time()), meter
        )
    await asked(databases, tmp_path, lambda clients: clients.monitoring.ask("shop-prod", METRIC, time.time()), meter)
    found = reader.get_metrics_data().resource_metrics[0].scope_metrics[0].metrics
    points = next(metric for metric in found if metric.name == "causely.gcp.requests").data.data_points
    assert {tuple(point.attributes.values()): point.value for point in points} == {
        ("monitoring", "throttled"): 1,
        ("monitoring", "ok"): 1,
    }
