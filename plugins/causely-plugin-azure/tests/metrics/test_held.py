"""What is told between one value of Azure's and the next."""

from causely_plugin_azure.metrics.held import Held, Value
from hypothesis import given
from hypothesis import strategies as st

from causely_core.model import Series

CPU = Series("Database:a", "cpu_utilization")
DISK = Series("Database:a", "disk_utilization")


def told(held, now):
    return {row.series: (row.time, row.value) for row in held.told(now)}


def test_a_value_counts_as_that_of_now_until_it_is_too_old():
    held = Held(late=300)
    held.take([(CPU, Value(100, 0.5)), (DISK, Value(200, 0.1))], 250)
    assert told(held, 250) == {CPU: (250, 0.5), DISK: (250, 0.1)}
    assert told(held, 401) == {DISK: (401, 0.1)}


def test_no_more_series_are_kept_than_may_be():
    held = Held(late=300, most=1)
    held.take([(CPU, Value(100, 0.5)), (DISK, Value(100, 0.1)), (CPU, Value(160, 0.6))], 200)
    assert told(held, 200) == {CPU: (200, 0.6)}
    assert held.left_out == 1


def test_a_value_on_a_line_is_come_to_little_by_little():
    held = Held(late=300)
    held.take([(CPU, Value(100, 16.0, before=10.0, grain=60.0))], 200)
    assert [told(held, now)[CPU][1] for now in (200, 230, 260, 290)] == [10.0, 13.0, 16.0, 16.0]


@given(st.lists(st.tuples(st.sampled_from([CPU, DISK]), st.builds(Value, st.floats(0, 100), st.floats(0, 1)))))
def test_the_newest_value_counts_whatever_the_order(values):
    held = Held(late=1000)
    held.take(values, 100)
    for series, (_, value) in told(held, 100).items():
        newest = max(each.time for of, each in values if of == series)
        assert value in {each.number for of, each in values if of == series and each.time == newest}
