"""Properties of the pure parts."""

import math

from causely_plugin_gcp.asset import Asset
from causely_plugin_gcp.estate import Estate, Owner
from causely_plugin_gcp.found import Found, Link
from causely_plugin_gcp.metric import Metric, requests
from causely_plugin_gcp.outcomes import Outcomes
from causely_plugin_gcp.services import SERVICES
from causely_plugin_gcp.values import divided, rows
from google.cloud.monitoring_v3 import Point, TimeSeries
from hypothesis import given
from hypothesis import strategies as st

from causely_core.model import Entity, EntityId

ORDERS = EntityId("Database:orders")
OWNERS = {"sql/orders": [Owner(ORDERS, {"connections": 100.0})]}
LEAVES = st.sampled_from([None, True, 0, 7, "", "x", "projects/1/x", "a:b:c"])
JSON = (
    LEAVES
    | st.lists(LEAVES, max_size=2)
    | st.lists(st.dictionaries(st.sampled_from("ab"), LEAVES, max_size=2), max_size=2)
)
FIELDS = st.sampled_from(
    ["settings", "ipAddresses", "labels", "disks", "metadata", "spec", "template", "pathMatchers", "backends", "topic"]
)


def series(values, step=60, **labels):
    found = TimeSeries(resource={"labels": {"database_id": "orders"}}, metric={"labels": labels})
    for index, value in enumerate(values):
        found.points.append(
            Point(interval={"end_time": {"seconds": 1000 + step * index}}, value={"double_value": value})
        )
    return TimeSeries.pb(found)


@given(st.permutations(range(5)))
def test_the_newest_point_counts_in_whatever_order(order):
    told = TimeSeries.pb(TimeSeries(resource={"labels": {"database_id": "orders"}}))
    for index in order:
        point = Point(interval={"end_time": {"seconds": 1000 + index}}, value={"int64_value": index})
        told.points.append(Point.pb(point))
    (value,) = divided(rows(Metric("t", "backlog", "sql/{resource.database_id}"), [told], OWNERS, 6.0))
    assert (value.time, value.value) == (1004.0, 4.0)


@given(st.lists(st.tuples(st.sampled_from(["200", "404", "429", "500", "503"]), st.floats(0, 1e6)), min_size=1))
def test_shares_are_shares(counts):
    metric = requests("t", "sql/{resource.database_id}", Outcomes("metric.code", throttled="429"))
    told = [series([value], code=code) for code, value in counts]
    found = {row.series.attribute: row.value for row in divided(rows(metric, told, OWNERS, 6.0))}
    total = sum(value for _, value in counts)
    assert math.isclose(found["request_rate"], total, abs_tol=1e-9)
    assert all(-1e-9 <= found.get(name, 0.0) <= 1.0 + 1e-9 for name in ("error_rate", "throttled_rate"))
    assert ("error_rate" in found) == (total > 0)


def test_an_outcome_that_comes_late_is_no_failure():
    metric = requests("t", "sql/{resource.database_id}", Outcomes("metric.code"))
    told = [series([90.0, 90.0], code="200"), series([1.0, 1.0, 30.0], code="500")]
    found = {row.series.attribute: (row.time, row.value) for row in divided(rows(metric, told, OWNERS, 6.0))}
    assert found["error_rate"] == (1060.0, 1 / 91)


@given(st.floats(allow_nan=True, allow_infinity=True), st.floats(0, 1e9))
def test_values_are_finite_and_divided_by_limits(value, limit):
    metric = Metric("t", "connection_utilization", "sql/{resource.database_id}", per="connections")
    owners = {"sql/orders": [Owner(ORDERS, {"connections": limit})]}
    found = divided(rows(metric, [series([value])], owners, 6.0))
    assert all(math.isfinite(row.value) or not math.isfinite(value / limit) for row in found)
    assert (limit > 0 and math.isfinite(value)) or not found


def test_series_without_a_label_or_an_owner_are_nobodys():
    metric = Metric("t", "backlog", "sql/{resource.database_id}")
    stranger = TimeSeries.pb(TimeSeries(resource={"labels": {"region": "x"}}, points=[Point(value={"int64_value": 1})]))
    other = TimeSeries.pb(
        TimeSeries(resource={"labels": {"database_id": "x"}}, points=[Point(value={"int64_value": 1})])
    )
    assert rows(metric, [stranger, other], OWNERS, 6.0) == []


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=12), st.sets(st.integers(0, 6)))
def test_links_end_and_lead_to_entities_only(pairs, entities):
    found = [
        Found(
            f"//x/{one}",
            Entity.of("Node", str(one)) if one in entities else None,
            links=tuple(Link("routes_to", f"//x/{other}") for start, other in pairs if start == one),
        )
        for one in range(7)
    ]
    ids = {f"Node:{one}" for one in entities}
    for relation in Estate.of(found).relations():
        assert {relation.source, relation.target} <= ids


@given(
    st.sampled_from([kind for each in SERVICES.values() for kind in each.kinds.items()]),
    st.dictionaries(FIELDS, JSON, max_size=4),
)
def test_whatever_an_asset_holds_is_read_or_refused(kind, data):
    type, read = kind
    asset = Asset(f"//{type}/projects/shop-prod/x/y", type, "shop-prod", "1", "global", data)
    try:
        found = read(asset)
    except (LookupError, TypeError, ValueError, AttributeError):
        return
    assert found.name == asset.name
