import pytest
from hypothesis import given
from hypothesis import strategies as st

from causely_core.traffic.own import SELF_ERRORS, SELF_TIME, own
from causely_core.traffic.recorder import FAILED, OK, UNREACHABLE, Recorder
from causely_core.traffic.rows import Family, Rows

CART, SHOP = "Service:cart", "Service:shop"
MILLISECOND = 10**6


class Told:
    def __init__(self):
        self.rows, self.recorder = Rows(), Recorder()

    def tell(self, service, family, *requests):
        """Requests as pairs of flags and milliseconds."""
        code = self.recorder.slot(self.rows.row(service, family))
        for flags, milliseconds in requests:
            self.recorder.record(code | flags, milliseconds * MILLISECOND)

    def flush(self):
        values = own(self.rows.all, self.recorder.drain(len(self.rows.all)))
        return {(series.entity, series.attribute): value for series, value in values}


def told(served, waited):
    one = Told()
    one.tell(SHOP, Family.SERVED, *served)
    one.tell(SHOP, Family.WAITED, *waited)
    return one.flush()


def test_what_calls_take_and_fail_is_taken_away():
    served = [(OK, 100), (OK, 300), (FAILED, 400), (FAILED, 400)]
    values = told(served, [(OK, 50), (OK, 150), (FAILED, 200)])
    assert values == {(SHOP, SELF_TIME): pytest.approx(0.2), (SHOP, SELF_ERRORS): 0.25}


def test_a_call_without_an_answer_was_waited_for_too():
    values = told([(FAILED, 5_010)], [(FAILED | UNREACHABLE, 5_000)])
    assert values == {(SHOP, SELF_TIME): pytest.approx(0.01), (SHOP, SELF_ERRORS): 0.0}


def test_a_service_that_calls_nobody_has_none():
    one = Told()
    one.tell(CART, Family.SERVED, (OK, 100))
    one.tell(SHOP, Family.WAITED, (OK, 100))
    assert one.flush() == {}


def test_a_caller_that_served_nothing_has_none():
    assert told([], [(OK, 100)]) == {}


def test_a_caller_that_stops_calling_keeps_all_it_takes():
    one = Told()
    one.tell(SHOP, Family.WAITED, (OK, 100))
    one.flush()
    one.tell(SHOP, Family.SERVED, (OK, 100), (FAILED, 300))
    assert one.flush() == {(SHOP, SELF_TIME): pytest.approx(0.2), (SHOP, SELF_ERRORS): 0.5}


def test_services_do_not_mix():
    one = Told()
    for service, milliseconds in ((CART, 40), (SHOP, 100)):
        one.tell(service, Family.WAITED, (OK, milliseconds // 2))
        one.tell(service, Family.SERVED, (OK, milliseconds))
    values = one.flush()
    assert (values[CART, SELF_TIME], values[SHOP, SELF_TIME]) == pytest.approx((0.02, 0.05))


REQUESTS = st.lists(st.tuples(st.sampled_from([OK, FAILED, FAILED | UNREACHABLE]), st.integers(0, 10**5)))


@given(REQUESTS, REQUESTS)
def test_it_is_never_negative_nor_more_than_the_whole(served, waited):
    values = told(served, waited)
    assert bool(values) == bool(served)
    if served:
        whole = sum(milliseconds for _, milliseconds in served) / len(served) / 1000
        assert 0.0 <= values[SHOP, SELF_TIME] <= whole + 1e-9
        assert 0.0 <= values[SHOP, SELF_ERRORS] <= sum(flags != OK for flags, _ in served) / len(served)
