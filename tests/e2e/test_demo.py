"""The demo end to end: a fault really happens in the shop, and the right root cause is named."""

import pytest

pytestmark = pytest.mark.slow


def test_a_slow_query_is_named_and_clears(demo):
    told = demo("slow-sql")
    top = told["root_causes"][0]
    assert (top["type"], top["cause"]) == ("Database", "SlowQueries")
    assert told["injected_at"] < told["diagnosed_at"] < told["removed_at"] < told["cleared_at"]
    assert {"entity": top["entity"], "symptom": "RequestLatency_High"} in top["explains"]
    assert top["path"]


def test_an_unknown_fault_is_one_line(causely):
    done = causely("demo", "--fault", "earthquake")
    assert done.returncode != 0
    assert done.stderr.startswith("causely: no fault named 'earthquake'; there are slow-sql, ")
    assert done.stderr.count("\n") == 1


def test_faults_are_listed_with_their_diagnosis(causely):
    done = causely("demo", "--list-faults")
    assert "slow-sql           SlowQueries on Database the shop's database" in done.stdout
    assert done.returncode == 0
