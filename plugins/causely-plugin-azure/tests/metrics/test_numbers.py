"""Numbers out of answers, whatever is in these."""

import math

from causely_plugin_azure.metrics.measure import Aggregation, Measure, Term, level, share, total
from causely_plugin_azure.metrics.numbers import Numbers, numbers
from causely_plugin_azure.resource import Resource
from hypothesis import given
from hypothesis import strategies as st

ID = "/subscriptions/s/resourceGroups/G/providers/Microsoft.Cache/Redis/a"
CACHE = Resource(ID, "microsoft.cache/redis", "a")


def answer(metric, *points, name="", value=""):
    described = [{"name": {"value": name}, "value": value}] if name else []
    data = [{"timeStamp": f"2026-01-01T00:0{minute}:00Z", **about} for minute, about in points]
    line = {"metadatavalues": described, "data": data}
    return {"values": [{"resourceid": ID, "value": [{"name": {"value": metric}, "timeseries": [line]}]}]}


def newest(measure, found):
    return [(thing, value) for thing, _, value in found[ID.lower()].measured(measure, CACHE)]


def test_the_newest_minute_of_which_something_is_told_counts():
    told = answer("load", (1, {"average": 1.0}), (2, {"average": 2.0}), (3, {}), (4, {"average": None}))
    assert newest(level("cpu_utilization", "load"), numbers(told, "")) == [("", 2.0)]


def test_what_is_told_by_a_dimension_is_of_its_values():
    told = answer("ActiveMessages", (1, {"average": 5.0}), name="entityname", value="mail")
    assert newest(level("backlog", "ActiveMessages", each="EntityName"), numbers(told, "EntityName")) == [("mail", 5.0)]


def test_a_share_of_nothing_has_no_value():
    found = Numbers()
    found.add("hits", "total", "", 0.0, 0.0)
    assert [*found.measured(share("cache_miss_rate", total("misses"), total("hits")), CACHE)] == []


JSON = st.recursive(
    st.sampled_from([None, True, 1.5, float("nan"), "2026-01-01T00:00:00Z", "x"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["value", "name", "timeseries", "data", "timeStamp", "total"]), inner)
    ),
    max_leaves=8,
)


@given(st.fixed_dictionaries({"values": JSON}) | JSON)
def test_no_answer_breaks_it(told):
    term = Term("x", Aggregation.TOTAL, "name")
    for found in numbers(told, "name").values():
        values = found.measured(Measure("a", (term,), lambda _, given: given[0]), CACHE)
        assert all(math.isfinite(value) for _, _, value in values)


POINTS = st.dictionaries(st.integers(0, 9), st.floats(0, 1e6), min_size=1)


@given(POINTS, POINTS)
def test_a_share_is_taken_at_one_time(parts, wholes):
    found = Numbers()
    for name, points in (("part", parts), ("whole", wholes)):
        for time, number in points.items():
            found.add(name, "total", "", float(time), number)
    for _, end, value in found.measured(share("error_rate", total("part"), Term("whole", Aggregation.TOTAL)), CACHE):
        time = int(end - 60)
        assert value == parts.get(time, 0.0) / wholes[time]
