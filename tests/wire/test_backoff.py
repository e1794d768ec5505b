"""Delays double within bounds and begin anew after a success."""

from causely_core.wire.backoff import Backoff


def test_delays_double_up_to_the_longest_and_are_at_least_half():
    backoff = Backoff(0.2, 1.0)
    for ceiling in (0.2, 0.4, 0.8, 1.0, 1.0):
        assert ceiling / 2 <= backoff.delay() <= ceiling


def test_reset_begins_anew():
    backoff = Backoff(0.2, 5.0)
    for _ in range(10):
        backoff.delay()
    backoff.reset()
    assert backoff.delay() <= 0.2
