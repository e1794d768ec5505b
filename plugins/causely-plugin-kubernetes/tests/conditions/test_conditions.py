"""How everything is, by what objects have told, whatever the order."""

from causely_plugin_kubernetes.conditions.conditions import Conditions
from causely_plugin_kubernetes.conditions.told import Happened, Placed, Told, Value
from hypothesis import given
from hypothesis import strategies as st

from causely_core.model import Series

READY, RESTARTS = Series("Container:a", "not_ready"), Series("Container:a", "restart_count")
UNPLACED, QUOTA = Series("Workload:w", "unschedulable_pods"), Series("Namespace:n", "resource_quota_utilization")


def restarts(total, latest):
    return Told("a", (Value(RESTARTS, 0.0),), happened=(Happened(RESTARTS, latest, total),))


def test_what_must_last_to_count_counts_when_it_has():
    conditions = Conditions()
    conditions.put("pods", Told("a", (Value(READY, 1.0, 60.0),)), 100.0)
    assert [conditions.value(READY, now) for now in (100.0, 159.0, 160.0)] == [0.0, 0.0, 1.0]
    assert conditions.restless(159.0) == [READY]
    conditions.put("pods", Told("a", (Value(READY, 0.0, 60.0),)), 170.0)
    conditions.put("pods", Told("a", (Value(READY, 1.0, 60.0),)), 171.0)
    assert conditions.value(READY, 230.0) == 0.0


def test_patience_begins_when_the_object_says_or_anew_with_another_mark():
    conditions = Conditions()
    conditions.put("pods", Told("a", (Value(READY, 1.0, 60.0, begun=50.0),)), 100.0)
    assert conditions.value(READY, 110.0) == 1.0
    conditions.put("pods", Told("a", (Value(READY, 1.0, 60.0, mark=1),)), 120.0)
    conditions.put("pods", Told("a", (Value(READY, 1.0, 60.0, mark=1), Value(RESTARTS, 0.0))), 130.0)
    assert conditions.value(READY, 180.0) == 1.0
    conditions.put("pods", Told("a", (Value(READY, 1.0, 60.0, mark=2),)), 190.0)
    assert [conditions.value(READY, now) for now in (249.0, 250.0)] == [0.0, 1.0]


def test_what_happens_counts_for_ten_minutes():
    conditions = Conditions()
    conditions.put("pods", restarts(4, 900.0), 1000.0)
    assert conditions.value(RESTARTS, 1000.0) == 1.0  # of the others it is not known when they were
    conditions.put("pods", restarts(6, 1100.0), 1100.0)
    assert [conditions.value(RESTARTS, now) for now in (1100.0, 1501.0, 1701.0)] == [3.0, 2.0, 0.0]
    conditions.put("pods", restarts(1, 1750.0), 1750.0)
    assert conditions.value(RESTARTS, 1750.0) == 1.0


def test_what_was_long_ago_when_it_is_first_told_does_not_count():
    conditions = Conditions()
    conditions.put("pods", restarts(4, 100.0), 1000.0)
    assert conditions.value(RESTARTS, 1000.0) == 0.0


def test_several_objects_make_a_value_together():
    conditions = Conditions()
    conditions.put("w", Told("w", parts=(Value(UNPLACED, 0.0),)), 0.0)
    for name in ("a", "b"):
        conditions.put("pods", Told(name, parts=(Value(UNPLACED, 1.0),)), 0.0)
        conditions.put("quotas", Told(name, parts=(Value(QUOTA, 0.9 if name == "a" else 0.5),)), 0.0)
    assert (conditions.value(UNPLACED, 0.0), conditions.value(QUOTA, 0.0)) == (2.0, 0.9)
    conditions.remove("pods", "a", 0.0)
    conditions.replace("quotas", [], 0.0)
    assert (conditions.value(UNPLACED, 0.0), conditions.value(QUOTA, 0.0)) == (1.0, None)


def test_what_several_workloads_have_in_common_is_the_clusters():
    conditions, of = Conditions(cluster="Cluster:prod"), Series("Cluster:prod", "unschedulable_pods")
    assert of in conditions.series()
    other = Series("Workload:v", "unschedulable_pods")
    for name in ("a", "b"):
        conditions.put("pods", Told(name, parts=(Value(UNPLACED, 1.0),)), 0.0)
    assert conditions.value(of, 0.0) == 0.0
    conditions.put("pods", Told("c", parts=(Value(other, 1.0),)), 0.0)
    assert conditions.value(of, 0.0) == 3.0
    assert of in conditions.restless(1.0)


def test_how_long_new_pods_wait_for_a_node_is_the_clusters():
    conditions, waits = Conditions(cluster="Cluster:prod"), Series("Cluster:prod", "scheduling_duration.p95")
    conditions.put("pods", Told("old", placed=Placed(100.0, 900.0)), 1000.0)
    assert conditions.value(waits, 1000.0) is None
    for number in range(20):
        conditions.put("pods", Told(f"p-{number}"), 1000.0)
        conditions.put("pods", Told(f"p-{number}", placed=Placed(1000.0, float(number))), 1000.0)
    assert conditions.value(waits, 1001.0) == 18.0
    assert waits in conditions.restless(1001.0)
    assert conditions.value(waits, 1301.0) is None
    assert waits not in conditions.restless(1301.0)


def test_what_became_well_is_told_for_a_moment_and_what_is_gone_never():
    conditions = Conditions()
    conditions.put("pods", Told("a", (Value(READY, 1.0),)), 0.0)
    conditions.restless(100.0)
    conditions.put("pods", Told("a", (Value(READY, 0.0),)), 101.0)
    assert [conditions.restless(now) for now in (102.0, 111.0, 112.0)] == [[READY], [READY], []]
    conditions.put("pods", Told("a", (Value(READY, 1.0),)), 120.0)
    conditions.remove("pods", "a", 121.0)
    assert conditions.restless(122.0) == conditions.series() == []


KEYS = st.sampled_from("abc")


@st.composite
def tellings(draw, key):
    own = draw(st.one_of(st.none(), st.sampled_from([0.0, 1.0])))
    part = draw(st.one_of(st.none(), st.sampled_from([0.0, 1.0])))
    values = () if own is None else (Value(Series(f"Pod:{key}", "not_ready"), own),)
    return Told(key, values, () if part is None else (Value(UNPLACED, part),))


@st.composite
def steps(draw):
    key = draw(KEYS)
    return draw(
        st.one_of(
            st.tuples(st.just("put"), st.just(key), tellings(key)),
            st.tuples(st.just("remove"), st.just(key), st.none()),
            st.tuples(st.just("replace"), st.just(key), st.tuples(tellings("a"), tellings("b"))),
        )
    )


@given(st.lists(steps(), max_size=30))
def test_the_order_of_what_was_told_does_not_matter(taken):
    conditions, model = Conditions(), {}
    for kind, key, what in taken:
        if kind == "put":
            conditions.put("pods", what, 0.0)
            model[key] = what
        elif kind == "remove":
            conditions.remove("pods", key, 0.0)
            model.pop(key, None)
        else:
            conditions.replace("pods", what, 0.0)
            model = {each.key: each for each in what}
    wanted = {value.series: value.value for told in model.values() for value in told.values}
    parts = [part.value for told in model.values() for part in told.parts]
    wanted |= {UNPLACED: sum(parts)} if parts else {}
    assert {series: conditions.value(series, 1.0) for series in conditions.series()} == wanted
    conditions.restless(100.0)
    assert set(conditions.restless(200.0)) == {series for series, value in wanted.items() if value}


def test_nothing_is_told_of_what_is_left_out():
    conditions = Conditions(lambda id: id == "Container:a")
    conditions.put("pods", Told("a", (Value(READY, 1.0), Value(Series("Container:b", "not_ready"), 1.0))), 100.0)
    assert conditions.value(READY, 100.0) is None
    assert conditions.restless(100.0) == [Series("Container:b", "not_ready")]
