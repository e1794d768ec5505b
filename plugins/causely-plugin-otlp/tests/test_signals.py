from collections import Counter

from causely_plugin_otlp.signals import Outcome, Signal


def test_signals_are_named_as_in_the_paths():
    assert [str(signal) for signal in Signal] == ["traces", "metrics", "logs"]


def test_an_outcome_without_rejections_has_no_message():
    assert Outcome(3).message == ""


def test_the_message_tells_each_reason_with_its_count_in_a_steady_order():
    outcome = Outcome(3, Counter({"no name": 1, "bad id": 2}))
    assert outcome.message == "2 rejected: bad id; 1 rejected: no name"
