from causely_plugin_otlp.traces.waiting import Waiting
from hypothesis import given
from hypothesis import strategies as st

KEYS = st.sampled_from([b"a", b"b", b"c", b"d"])


def test_what_waits_is_taken_once():
    waiting = Waiting(2)
    assert waiting.put(b"a", 0.0, 1)
    assert waiting.take(b"a") == 1
    assert waiting.take(b"a") is None


def test_there_is_no_room_beyond_the_limit():
    waiting = Waiting(1)
    assert waiting.put(b"a", 0.0, 1)
    assert not waiting.put(b"b", 0.0, 2)
    assert waiting.take(b"b") is None
    waiting.take(b"a")
    assert waiting.put(b"b", 0.0, 2)


def test_a_limit_of_nothing_lets_nothing_wait():
    assert not Waiting(0).put(b"a", 0.0, 1)


@given(st.lists(st.tuples(KEYS, st.floats(0, 5)), max_size=30))
def test_everything_expires_in_its_time(puts):
    waiting, now = Waiting(100), 0.0
    for key, later in puts:
        now += later
        waiting.put(key, now, key)
        waiting.expire(now - 6.0)
        assert all(arrival > now - 6.0 for arrival, _ in waiting.entries.values())
