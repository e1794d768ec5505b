"""What answers of CloudWatch mean."""

from causely_plugin_aws.measure import count, gauge, left, rate, share, spent, used
from causely_plugin_aws.query import Query, queries, values
from causely_plugin_aws.resource import Subject
from hypothesis import given
from hypothesis import strategies as st

from causely_core.model import Series

ID = "Database:d"
NUMBERS = st.floats(0.0, 1e12, allow_nan=False)
POINTS = st.dictionaries(st.sampled_from([0.0, 60.0, 120.0]), NUMBERS)


def seen(measure, points, **facts):
    """The values of a measure whose statistics have these points, in their order."""
    subject = Subject(ID, "AWS/RDS", {"Id": "d"}, (measure,), facts)
    told = {Query.of(subject, stat): each for stat, each in zip(measure.stats, points, strict=True)}
    return values([subject], told).get(Series(ID, measure.attribute), {})


def test_units_are_those_of_the_table():
    assert seen(gauge("x", "M", scale=0.001), [{0.0: 1500.0}]) == {0.0: 1.5}
    assert seen(rate("x", "M"), [{0.0: 120.0}]) == {0.0: 2.0}
    assert seen(used("x", "M", of="most"), [{0.0: 5.0}], most=10.0) == {0.0: 0.5}
    assert seen(left("x", "M", "all"), [{0.0: 1.0}], all=4.0) == {0.0: 0.75}
    assert seen(spent("x", "M"), [{0.0: 25.0}]) == {0.0: 0.75}


def test_what_makes_no_sense_is_not_told():
    assert seen(used("x", "M", of="most"), [{0.0: 5.0}]) == {}
    assert seen(share("x", ("F",), "N"), [{0.0: 1.0}, {0.0: 0.0}]) == {}


def test_a_counter_that_is_silent_has_counted_nothing():
    assert seen(share("x", ("F",), "N"), [{}, {0.0: 10.0}]) == {0.0: 0.0}


@given(POINTS, POINTS)
def test_shares_are_shares(part, whole):
    assert all(0.0 <= value <= 1.0 for value in seen(share("x", ("F",), "N"), [part, whole]).values())


@given(st.lists(POINTS, min_size=1, max_size=4), st.randoms())
def test_of_several_the_largest_counts_whatever_their_order(several, random):
    subjects = [Subject(ID, "N", {"Id": str(index)}, (gauge("x", "M"),)) for index in range(len(several))]
    told = {Query.of(each, each.measures[0].stats[0]): points for each, points in zip(subjects, several, strict=True)}
    expected = values(subjects, told)
    random.shuffle(subjects)
    assert values(subjects, told) == expected
    for time, value in expected.get(Series(ID, "x"), {}).items():
        assert value == max(points[time] for points in several if time in points)


def test_each_statistic_is_asked_for_once_and_counts_are_parts():
    both = (rate("request_rate", "N"), count("request_count", "N"))
    subject = Subject(ID, "AWS/SNS", {"TopicName": "t"}, both)
    (query,) = queries([subject, subject])
    told = values([subject], {query: {0.0: 60.0}}, part=0.1)
    assert told == {Series(ID, "request_rate"): {0.0: 1.0}, Series(ID, "request_count"): {0.0: 6.0}}
