"""What counters tell by growing."""

from causely_plugin_host.counters import Counters, share


def test_growth_is_told_from_the_second_reading_on():
    counters = Counters()
    counters.begin(100)
    assert counters.rate("a", 5.0) is None
    counters.begin(110)
    assert counters.rate("a", 25.0) == 2.0


def test_a_counter_that_goes_backwards_tells_nothing_and_then_goes_on():
    counters = Counters()
    for now, value, growth in ((0, 50.0, None), (5, 3.0, None), (10, 4.0, 1.0)):
        counters.begin(now)
        assert counters.growth("a", value) == growth


def test_one_that_could_not_be_read_begins_anew():
    counters = Counters()
    for now, value, growth in ((0, 50.0, None), (5, None, None), (10, 60.0, None), (15, 61.0, 1.0)):
        counters.begin(now)
        assert counters.growth("a", value) == growth


def test_there_is_no_rate_when_the_clock_was_set_back():
    counters = Counters()
    counters.begin(100)
    counters.rate("a", 5.0)
    counters.begin(90)
    assert counters.rate("a", 6.0) is None


def test_a_share_needs_enough_of_the_whole():
    assert share(1.0, 4.0) == 0.25
    assert share(1.0, 4.0, fewest=4.0) is None
    assert share(0.0, 0.0) is None
    assert share(None, 4.0) is share(1.0, None) is None
