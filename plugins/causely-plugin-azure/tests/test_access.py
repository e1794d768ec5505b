"""Asking as somebody: tokens that expire, quotas, servers that are slow, broken or away."""

import asyncio
import time

import pytest
from causely_plugin_azure.quotas import retry_after, until_more
from hypothesis import given
from hypothesis import strategies as st

from .azure import CLIENT, SECRET, TENANT
from .resources import ONE, postgresql
from .watching import ids, watched

ORDERS = f"Database:azure/{ONE}/shop-rg/postgresql/orders"
TOO_MANY = {"error": {"code": "RateLimiting", "message": "Please provide below info when asking for support"}}


@pytest.fixture
def server(azure):
    row = postgresql()
    azure.rows["resources"] = [row]
    azure.metrics[row["id"].lower()] = {"cpu_percent": 50.0}
    return azure


def asked_anew(server):
    """Ask again soon."""
    return server.section(ONE, resources_interval=0.2, values_interval=0.2)


async def test_a_token_that_is_refused_is_renewed_with_the_claims_that_are_wanted(server, tmp_path):
    async with watched(tmp_path, asked_anew(server)) as found:
        await found.until(lambda: ids(found) and found.values)
        before = len(server.tokens)
        server.revoked |= {*server.tokens}
        await found.until(lambda: len(server.tokens) > before)
        server.rows["resources"].append(postgresql("second"))
        await found.until(lambda: len(ids(found)) == 2)
        assert any(claims and "nbf" in claims for claims in server.claims)
        assert found.said == []


async def test_tokens_that_run_out_are_renewed_in_time(server, tmp_path):
    server.expiring = 1
    async with watched(tmp_path, asked_anew(server)) as found:
        await found.until(lambda: len(server.tokens) > 5)
        assert found.said == []


async def test_a_secret_that_is_wrong_for_a_while_is_told_once_and_loses_nothing(server, tmp_path):
    async with watched(tmp_path, asked_anew(server)) as found:
        await found.until(lambda: ids(found))
        server.secret = "another"
        server.revoked |= {*server.tokens}
        # The look at the resources, and the metrics of the one place.
        await found.until(lambda: sum("does not take the credential" in each for each in found.said) == 2)
        assert ORDERS in ids(found)
        server.secret = SECRET
        await found.until(lambda: found.heard("a source is complete again"))
        server.rows["resources"].append(postgresql("second"))
        await found.until(lambda: len(ids(found)) == 2)
        assert sum("does not take the credential" in each for each in found.said) == 2


async def test_workload_identity_shows_the_token_of_the_pod(server, tmp_path):
    token = tmp_path / "token"
    token.write_text("federated")
    server.secret = "federated"
    credential = {
        "kind": "workload_identity",
        "tenant_id": TENANT,
        "client_id": CLIENT,
        "token_file": str(token),
        "authority": server.url,
        "instance_discovery": False,
    }
    async with watched(tmp_path, server.section(ONE, credential=credential)) as found:
        await found.until(lambda: ids(found) and found.values)
    assert {scope.partition("/.default")[0] for scope in server.tokens.values()} >= {server.url}


async def test_what_the_environment_tells_is_good_enough(server, tmp_path, monkeypatch):
    for name, value in (("TENANT_ID", TENANT), ("CLIENT_ID", CLIENT), ("CLIENT_SECRET", SECRET)):
        monkeypatch.setenv(f"AZURE_{name}", value)
    credential = {"kind": "default", "authority": server.url, "instance_discovery": False}
    async with watched(tmp_path, server.section(ONE, credential=credential)) as found:
        await found.until(lambda: ids(found) and found.values)


async def test_a_machine_that_has_no_identity_is_told(server, tmp_path):
    credential = {"kind": "managed_identity", "client_id": CLIENT}
    async with watched(tmp_path, server.section(ONE, credential=credential, timeout=3.0)) as found:
        await found.until(lambda: found.heard("Azure does not take the credential") or found.heard("no answer within"))


async def test_too_many_requests_are_sent_again_when_azure_says(server, tmp_path):
    server.faults["graph"] = [(429, TOO_MANY, {"Retry-After": "1"})]
    server.faults["metrics"] = [(429, TOO_MANY, {"Retry-After": "1"})]
    began = time.monotonic()
    async with watched(tmp_path, asked_anew(server)) as found:
        await found.until(lambda: ids(found) and found.values)
        assert time.monotonic() - began >= 2.0
        assert found.said == []


async def test_a_server_that_is_busy_is_left_alone_for_as_long_as_it_says(server, tmp_path):
    server.faults["graph"] = [(503, {"error": {"code": "ServerBusy", "message": "busy"}}, {"Retry-After": "2"})]
    began = time.monotonic()
    async with watched(tmp_path, asked_anew(server)) as found:
        await found.until(lambda: ids(found))
        assert time.monotonic() - began >= 2.0
        assert found.said == []


async def test_who_has_no_requests_left_waits(server, tmp_path):
    headers = {"x-ms-user-quota-remaining": "0", "x-ms-user-quota-resets-after": "00:00:02"}
    answer = {"totalRecords": 0, "count": 0, "data": [{"id": f"/subscriptions/{ONE}"}], "resultTruncated": "false"}
    server.faults["graph"] = [(200, answer, headers)]
    began = time.monotonic()
    async with watched(tmp_path, asked_anew(server)) as found:
        await found.until(lambda: ids(found))
        assert time.monotonic() - began >= 2.0


async def test_a_slow_server_does_not_hold_up_what_is_known(server, tmp_path):
    section = server.section(ONE, resources_interval=0.2, values_interval=0.2, timeout=0.5)
    async with watched(tmp_path, section) as found:
        await found.until(lambda: ids(found) and found.values)
        server.slow = {"graph": 5.0, "metrics": 5.0}
        await found.until(lambda: found.heard("no answer within 0.5 s"))
        found.values.clear()
        await found.until(lambda: (ORDERS, "cpu_utilization") in found.values)
        server.slow = {}
        await found.until(lambda: found.heard("a source is complete again"))


async def test_a_server_that_is_away_is_asked_until_it_is_back(server, tmp_path):
    section = asked_anew(server)
    async with watched(tmp_path, section) as found:
        await found.until(lambda: ids(found))
        server.faults["graph"] = [(503, {"error": {"code": "ServerBusy", "message": "busy"}}, {})] * 3
        await found.until(lambda: found.heard("Azure answers 503"))
        await found.until(lambda: found.heard("a source is complete again"))
        assert ORDERS in ids(found)


async def test_answers_that_are_none_break_nothing(server, tmp_path):
    usual = {"totalRecords": 0, "count": 0, "resultTruncated": "false"}
    odd = [{"data": None}, {"data": {"columns": []}}, {"data": [None, 3, {"id": 7}, {"id": "/subscriptions/x"}]}]
    server.faults["graph"] = [(200, usual | each, {}) for each in odd]
    async with watched(tmp_path, server.section("*", resources_interval=0.2, values_interval=0.2)) as found:
        await found.until(lambda: ids(found))


async def test_nothing_is_opened_before_it_is_used_and_all_is_closed_after(server, tmp_path):
    async with watched(tmp_path, asked_anew(server)) as found:
        await found.until(lambda: ids(found))
    calls = sum(server.calls.values())
    await asyncio.sleep(0.5)
    assert sum(server.calls.values()) == calls


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after-ms": "250"}, 0.25),
        ({"x-ms-user-quota-remaining": "0", "x-ms-user-quota-resets-after": "00:00:03"}, 3.0),
        ({"x-ms-user-quota-remaining": "0", "x-ms-user-quota-resets-after": "soon"}, 5.0),
        ({"x-ms-user-quota-remaining": "4", "x-ms-user-quota-resets-after": "00:00:03"}, 0.0),
        ({}, 0.0),
    ],
)
def test_what_answers_say_of_quotas(headers, seconds):
    assert retry_after(headers) == seconds


HEADERS = st.sampled_from(["retry-after", "x-ms-user-quota-remaining", "x-ms-user-quota-resets-after"])


@given(st.dictionaries(HEADERS, st.text("0123456789:. -")))
def test_no_headers_break_it(headers):
    assert retry_after(headers) >= 0.0
    assert until_more(headers) >= 0.0
