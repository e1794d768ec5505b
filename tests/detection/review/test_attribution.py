"""Who takes how much from a victim."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causely_core.detection import ThresholdDetector, Thresholds
from causely_core.detection.review import attribute, review, weighed, with_own
from causely_core.detection.review.own import SELF_TIME
from causely_core.detection.thresholds import Learning
from causely_core.model import Relation, SymptomKey

from .recordings import exactly, recording

VICTIM = SymptomKey("web", "RequestLatency_High")
CALM = [0.1] * 5


def measured(duration, usual=0.1, count=100.0):
    return {"request_duration.avg": exactly(duration, usual), "request_count": exactly([count] * 5, count)}


def calls(text):
    return [Relation(*pair.split(">")[:1], "calls", pair.split(">")[1]) for pair in text.split()]


def test_a_victim_that_is_slow_by_itself_takes_it_all():
    parts = attribute(recording(web=measured([0.1, 0.1, 0.3, 0.3, 0.1]), db=measured(CALM)), calls("web>db"), VICTIM)
    assert parts.own["web"] == pytest.approx(1.0)
    assert parts.total["db"] == parts.own["db"] == 0.0


def test_a_slow_callee_takes_what_it_adds_and_its_caller_the_rest():
    seen = recording(web=measured([0.1, 0.1, 0.5, 0.5, 0.1]), db=measured([0.1, 0.1, 0.4, 0.4, 0.1]))
    parts = attribute(seen, calls("web>db"), VICTIM)
    assert parts.own == pytest.approx({"web": 0.25, "db": 0.75})


def test_what_comes_through_an_entity_is_not_its_own():
    slow = [0.1, 0.1, 0.4, 0.4, 0.1]
    seen = recording(web=measured(slow), api=measured(slow), db=measured(slow))
    parts = attribute(seen, calls("web>api api>db"), VICTIM)
    assert parts.total["api"] == pytest.approx(1.0)
    assert parts.own == pytest.approx({"web": 0.0, "api": 0.0, "db": 1.0})


def test_what_is_lost_at_another_time_does_not_count():
    seen = recording(web=measured([0.1, 0.1, 0.4, 0.4, 0.1]), db=measured([0.4, 0.4, 0.1, 0.1, 0.4]))
    assert attribute(seen, calls("web>db"), VICTIM).total["db"] == 0.0


def test_a_callee_is_shared_out_among_its_callers_by_their_requests():
    slow = [0.1, 0.1, 0.5, 0.5, 0.1]
    seen = recording(web=measured(slow), job=measured(slow, count=300.0), db=measured(slow, count=100.0))
    assert attribute(seen, calls("web>db job>db"), VICTIM).total["db"] == pytest.approx(0.25)


def test_a_dependency_asks_nothing_beside_its_service():
    slow = [0.1, 0.1, 0.5, 0.5, 0.1]
    edge = "Dependency:web > db"
    seen = recording(web=measured(slow), db=measured(slow), **{edge: measured(slow)})
    relations = [*calls("web>db"), Relation(edge, "calls", "db"), Relation(edge, "part_of", "web")]
    assert attribute(seen, relations, VICTIM).total["db"] == pytest.approx(1.0)
    assert set(with_own(seen, relations).of(SELF_TIME)) == {"web"}


def test_calls_that_nobody_waits_for_take_nothing():
    slow = [0.1, 0.1, 0.4, 0.4, 0.1]
    later = [Relation("web", "calls", "mail", {"mode": "async"})]
    assert "mail" not in attribute(recording(web=measured(slow), mail=measured(slow)), later, VICTIM).total


def test_an_entity_that_is_not_measured_passes_on_what_it_may():
    slow = [0.1, 0.1, 0.4, 0.4, 0.1]
    parts = attribute(recording(web=measured(slow), db=measured(slow)), calls("web>proxy proxy>db"), VICTIM)
    assert parts.total["proxy"] == pytest.approx(1.0)
    assert "proxy" not in parts.own
    assert parts.own["db"] == pytest.approx(1.0)


def test_nothing_is_attributed_of_what_is_not_measured():
    assert attribute(recording(db=measured(CALM)), calls("web>db"), VICTIM).total == {}
    other = SymptomKey("web", "CPUUtilization_High")
    assert attribute(recording(web=measured([0.5] * 5)), [], other).total == {}


def test_failures_are_attributed_alike():
    failing = {"error_rate": exactly([0.0, 0.0, 0.1, 0.1, 0.0], 0.0), "request_count": exactly([100.0] * 5, 100.0)}
    parts = attribute(recording(web=failing, db=failing), calls("web>db"), SymptomKey("web", "RequestErrorRate_High"))
    assert parts.own == pytest.approx({"web": 0.0, "db": 1.0})


def test_the_severity_of_what_the_victim_suffers_from_is_its_part():
    seen = with_own(recording(web=measured([0.1, 0.1, 0.5, 0.5, 0.1]), db=measured([0.1, 0.1, 0.4, 0.4, 0.1])), [])
    detector = ThresholdDetector(
        "l", "RequestLatency_High", "request_duration.avg", Thresholds(1.0, Learning(2.0, 6.0, 0.05))
    )
    symptoms = review([detector], seen)
    heavier = weighed(symptoms, attribute(seen, calls("web>db"), VICTIM), VICTIM)
    assert heavier[VICTIM].severity == pytest.approx(1.0)
    assert heavier[SymptomKey("db", "RequestLatency_High")].severity == pytest.approx(0.75, abs=0.02)


def test_time_of_ones_own_is_what_callees_leave():
    seen = with_own(recording(web=measured([0.1, 0.1, 0.5, 0.5, 0.1], 0.3), db=measured(CALM)), calls("web>db"))
    own = seen.of(SELF_TIME)
    assert list(own) == ["web"]
    assert own["web"].values.tolist() == pytest.approx([0.0, 0.0, 0.4, 0.4, 0.0])
    assert own["web"].usual[0] == pytest.approx(0.2)


NAMES = st.sampled_from("abcde")
DURATIONS = st.lists(st.floats(0.01, 10.0), min_size=5, max_size=5)


@given(st.dictionaries(NAMES, DURATIONS), st.sets(st.tuples(NAMES, NAMES)), NAMES)
def test_parts_are_shares_and_own_ones_are_no_larger(durations, edges, victim):
    seen = recording(**{name: measured(values) for name, values in durations.items()})
    relations = [Relation(source, "calls", target) for source, target in sorted(edges)]
    parts = attribute(seen, relations, SymptomKey(victim, "RequestLatency_High"))
    assert all(0.0 <= part <= 1.0 + 1e-9 for part in parts.total.values())
    assert all(part <= parts.total[id] + 1e-9 for id, part in parts.own.items())


def test_what_spans_tell_of_an_entity_s_own_time_is_kept():
    told = exactly([0.02] * 5, 0.02)
    seen = recording(web={**measured([0.5] * 5), SELF_TIME: told}, db=measured([0.1] * 5))
    assert with_own(seen, calls("web>db")).of(SELF_TIME)["web"] is told
