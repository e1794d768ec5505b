"""What Azure says of its own health, and values out of logs."""

from causely_plugin_azure.health import issues, unavailable
from hypothesis import given
from hypothesis import strategies as st

from .resources import ONE, TWO, postgresql
from .watching import watched

ORDERS = f"Database:azure/{ONE}/shop-rg/postgresql/orders"
REGION = "CloudService:azure/westeurope/postgresql"


def status(resource, state="Unavailable", **more):
    properties = {"targetResourceId": resource["id"], "availabilityState": state, "reasonType": "Unplanned", **more}
    id = f"{resource['id']}/providers/Microsoft.ResourceHealth/availabilityStatuses/current"
    return {"id": id, "type": "microsoft.resourcehealth/availabilitystatuses", "properties": properties}


def event(service, region):
    impact = [{"ImpactedService": service, "ImpactedRegions": [{"ImpactedRegion": region}]}]
    properties = {"EventType": "ServiceIssue", "Status": "Active", "Impact": impact}
    id = f"/subscriptions/{ONE}/providers/Microsoft.ResourceHealth/events/X"
    return {"id": id, "type": "microsoft.resourcehealth/events", "properties": properties}


async def test_a_resource_that_azure_calls_unavailable_is_so_until_it_is_not(azure, tmp_path):
    server = postgresql()
    azure.rows["resources"] = [server]
    azure.rows["healthresources"] = [status(server)]
    async with watched(tmp_path, azure.section(ONE, health=True)) as found:
        await found.until(lambda: found.values.get((ORDERS, "azure.unavailable")) == 1.0)
        assert found.values[(REGION, "azure.service_issue")] == 0.0
        azure.rows["healthresources"] = []
        await found.until(lambda: found.values.get((ORDERS, "azure.unavailable")) == 0.0)


async def test_an_issue_in_a_region_is_one_of_the_service_there(azure, tmp_path):
    azure.rows["resources"] = [postgresql(), postgresql("us", location="eastus")]
    azure.rows["servicehealthresources"] = [event("Azure Database for PostgreSQL flexible servers", "West Europe")]
    async with watched(tmp_path, azure.section(ONE, health=True)) as found:
        await found.until(lambda: found.values.get((REGION, "azure.service_issue")) == 1.0)
        assert found.values[("CloudService:azure/eastus/postgresql", "azure.service_issue")] == 0.0
        await found.until(lambda: (ORDERS, "part_of", REGION) in found.relations)


def test_what_people_have_stopped_is_not_unavailable():
    machine = postgresql()
    assert unavailable([status(machine, reasonType="UserInitiated")]) == {}
    assert unavailable([status(machine, context="Customer Initiated")]) == {}
    assert unavailable([status(machine, "Degraded")]) == {machine["id"].lower(): 0.5}


ODD = st.sampled_from([None, True, 7, "", "[", "[1]", "{}", [], [None], {}, {"ImpactedRegions": 3}])
IMPACTS = ODD | st.lists(st.dictionaries(st.sampled_from(["ImpactedService", "ImpactedRegions"]), ODD), max_size=2)
NAMES = st.sampled_from(["Impact", "availabilityState", "targetResourceId", "reasonType"])


@given(st.lists(st.fixed_dictionaries({"properties": ODD | st.dictionaries(NAMES, IMPACTS)}), max_size=3))
def test_no_answer_breaks_it(rows):
    assert all(value in (0.5, 1.0) for value in unavailable(rows).values())
    assert isinstance(issues(rows), set)


QUERY = {
    "query": "AppRequests | summarize value=avg(DurationMs) by namespace, app",
    "entity": "Service",
    "id": "{namespace}/{app}",
    "attribute": "request_duration.p95",
    "scale": 0.001,
}


def table(*rows):
    kinds = {"namespace": "string", "app": "string", "value": "real"}
    columns = [{"name": name, "type": kind} for name, kind in kinds.items()]
    return {"tables": [{"name": "PrimaryResult", "columns": columns, "rows": [list(row) for row in rows]}]}


def logging(azure, *queries):
    return azure.section(ONE, logs={"workspace_id": TWO, "interval": 0.3, "queries": [*queries]})


async def test_rows_of_logs_are_values(azure, tmp_path):
    azure.rows["resources"] = [postgresql()]
    azure.logs = [table(("shop", "cart", 250.0), ("shop", None, 1.0), ("shop", "mail", None))]
    async with watched(tmp_path, logging(azure, QUERY)) as found:
        await found.until(lambda: found.values)
        assert found.values == {("Service:shop/cart", "request_duration.p95"): 0.25}


async def test_an_answer_that_is_partial_is_used_and_told_once(azure, tmp_path):
    azure.rows["resources"] = [postgresql()]
    error = {"code": "PartialError", "message": "There were some errors when processing your query."}
    azure.logs = [table(("shop", "cart", 250.0)) | {"error": error}]
    async with watched(tmp_path, logging(azure, QUERY)) as found:
        await found.until(lambda: found.values)
        await found.until(lambda: azure.calls["logs"] > 3)
        assert sum("the answer is not complete" in each for each in found.said) == 1
        azure.logs = [table(("shop", "cart", 500.0))]
        await found.until(lambda: found.values[("Service:shop/cart", "request_duration.p95")] == 0.5)
        assert found.heard("a query of logs is answered again")


async def test_a_query_that_is_wrong_takes_nothing_from_the_others(azure, tmp_path):
    azure.rows["resources"] = [postgresql()]
    azure.metrics[postgresql()["id"].lower()] = {"cpu_percent": 50.0}
    azure.logs = [table()]
    azure.faults["logs"] = [(400, {"error": {"code": "BadArgumentError", "message": "SYN0002: bad"}}, {})] * 2
    async with watched(tmp_path, logging(azure, QUERY)) as found:
        await found.until(lambda: found.heard("Azure answers 400"))
        await found.until(lambda: (ORDERS, "cpu_utilization") in found.values)
