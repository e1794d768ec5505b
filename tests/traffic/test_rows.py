import pytest

from causely_core.model import Relation, RelationType
from causely_core.traffic.recorder import FAILED, UNREACHABLE, Recorder
from causely_core.traffic.rows import Family, Rows

CART, SHOP = "Service:cart", "Service:shop"
CALLS = Relation(SHOP, RelationType.CALLS, CART)
DURATIONS = {f"request_duration.{name}" for name in ("avg", "p50", "p90", "p95", "p99")}
REQUESTS = {"request_rate", "request_count", "error_rate", *DURATIONS}


def shown(family, flags=(0,), served=False):
    rows, recorder = Rows(), Recorder()
    row = rows.row(CART, family)
    if served:
        rows.row(CART, Family.SERVED)
    code = recorder.slot(row)
    for each in flags:
        recorder.record(code | each, 10**8)
    totals = recorder.drain(len(rows.all))
    return {s.attribute: value for s, value in rows.all[row].values(row, totals, 2.0, rows.served)}


@pytest.mark.parametrize(
    ("family", "attributes"),
    [
        (Family.SERVED, REQUESTS),
        (Family.CALLED, REQUESTS | {"unreachable_rate", "call_count"}),
        (Family.REACHED, REQUESTS | {"unreachable_rate", "call_count"}),
        (Family.ASKED, REQUESTS),
        (Family.READ, {"read_duration.p95"}),
        (Family.WRITE, {"write_duration.p95"}),
        (Family.PROCESSING, {"process_duration.p95"}),
        (Family.AGE, {"message_age.p95"}),
        (Family.PUBLISHED, {"publish_rate"}),
        (Family.PROCESSED, {"process_rate"}),
        (
            Family.WAITED,
            {"client_request_rate", "client_request_count", "client_error_rate", "client_request_duration.p95"},
        ),
        (Family.SEEN, set()),
    ],
)
def test_what_each_family_shows(family, attributes):
    assert set(shown(family)) == attributes


@pytest.mark.parametrize(
    ("family", "attributes"),
    [
        (Family.SERVED, {"request_rate", "request_count"}),
        (Family.CALLED, {"request_rate", "request_count"}),
        (Family.ASKED, {"request_rate", "request_count"}),
        (Family.PUBLISHED, {"publish_rate"}),
        (Family.PROCESSED, {"process_rate"}),
        (Family.READ, set()),
        (Family.AGE, set()),
    ],
)
def test_what_each_family_shows_of_silence(family, attributes):
    values = shown(family, flags=())
    assert set(values) == attributes
    assert not any(values.values())


def test_of_a_service_that_reports_itself_callers_show_its_reachability_only():
    assert set(shown(Family.REACHED, served=True)) == {"unreachable_rate", "call_count"}
    assert shown(Family.REACHED, flags=(), served=True) == {}


def test_unreachable_and_failed_are_shares_of_the_calls():
    values = shown(Family.CALLED, flags=(0, 0, FAILED, FAILED | UNREACHABLE))
    assert values["error_rate"] == 0.5
    assert values["unreachable_rate"] == 0.25
    assert values["call_count"] == values["request_count"] == 4
    assert values["request_rate"] == 2.0


def test_rows_are_found_again_and_kept_for_those_that_exist():
    rows = Rows()
    mine, seen, other = (
        rows.row(CART, Family.SERVED),
        rows.row(CART, Family.SEEN, CALLS),
        rows.row(SHOP, Family.SERVED),
    )
    assert len({mine, seen, other}) == 3
    assert rows.row(CART, Family.SEEN, CALLS) == seen
    rows.keep({CART})
    assert [row.entity for row in rows.all] == [CART]
    assert rows.served == {CART}
    assert rows.row(CART, Family.SERVED) == 0
    assert rows.row(CART, Family.SEEN, CALLS) == 1
