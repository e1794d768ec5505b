import pytest
from causely_plugin_otlp.metrics.points import Reading
from causely_plugin_otlp.metrics.rules import Kind, Owner, Rule
from causely_plugin_otlp.metrics.streams import Stream
from hypothesis import given
from hypothesis import strategies as st

START = 1000.0
BUCKETS = st.dictionaries(st.sampled_from([(0.0, 0.1), (0.1, 1.0), (1.0, 9.0)]), st.integers(1, 100))


def stream(kind):
    return Stream(Rule("x", Owner.SERVICE, ("m",), kind), "", "")


def sum_of(*parts):
    return {
        bounds: sum(part.get(bounds, 0) for part in parts) for bounds in sorted({b for part in parts for b in part})
    }


@given(
    st.lists(st.tuples(st.floats(0.01, 1000), st.floats(0, 1e9)), min_size=1, max_size=30),
    st.sampled_from([Kind.RATE, Kind.EVENTS]),
)
def test_a_rate_is_the_growth_by_the_time_however_many_points_there_were(steps, kind):
    told, time, total = stream(kind), START, 0.0
    told.add(Reading(time, 0.0, False, total))
    for after, growth in steps:
        time, total = time + after, total + growth
        told.add(Reading(time, 0.0, False, total))

    told.settle()

    assert told.level == pytest.approx(total / (time - START), rel=1e-6)


@given(st.lists(BUCKETS, min_size=2, max_size=12))
def test_cumulative_and_delta_histograms_count_the_same(parts):
    cumulative, delta = stream(Kind.P95), stream(Kind.P95)
    for at in range(len(parts)):
        time = START + at * 10
        cumulative.add(Reading(time, 1.0, False, sum_of(*parts[: at + 1])))
        if at:
            delta.add(Reading(time, time - 10, True, parts[at]))

    assert cumulative.settle() == sum_of(*parts[1:]) == delta.settle()


def test_a_histogram_that_has_less_began_anew():
    told = stream(Kind.P95)
    told.add(Reading(START, 1.0, False, {(0.0, 1.0): 9}))

    assert told.add(Reading(START + 10, 1.0, False, {(0.0, 1.0): 3}))
    assert told.settle() == {(0.0, 1.0): 3}


def test_a_histogram_with_a_new_start_began_anew():
    told = stream(Kind.P95)
    told.add(Reading(START, 1.0, False, {(0.0, 1.0): 9}))

    told.add(Reading(START + 10, START + 1, False, {(0.0, 1.0): 20}))

    assert told.settle() == {(0.0, 1.0): 20}


def test_counts_since_a_start_just_now_count_from_the_first_point():
    told = stream(Kind.P95)

    assert told.add(Reading(START, START - 10, False, {(0.0, 1.0): 9}))
    assert told.settle() == {(0.0, 1.0): 9}


def test_points_out_of_order_are_no_news():
    told = stream(Kind.LEVEL)
    told.add(Reading(START, 0.0, False, 5.0))

    assert not told.add(Reading(START - 1, 0.0, False, 7.0))
    assert told.level == 5.0


def test_a_rate_stays_until_the_next():
    told = stream(Kind.RATE)
    for at in (0, 10):
        told.add(Reading(START + at, 0.0, False, float(at)))

    told.settle()
    told.settle()

    assert told.level == 1.0
