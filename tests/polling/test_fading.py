"""Staleness: what is gone is gone after a while, and not before."""

from hypothesis import given
from hypothesis import strategies as st

from causely_core.polling.fading import Fading

looks = st.lists(st.tuples(st.sets(st.integers(0, 4)), st.booleans(), st.floats(0.1, 5)), max_size=20)


@given(looks)
def test_a_thing_stays_as_long_as_no_complete_looks_have_missed_it_for_longer_than_the_patience(history):
    fading, now, missed = Fading(6.0), 0.0, {}
    for found, complete, pause in history:
        now += pause
        fading.look(dict.fromkeys(found, now), now, complete)
        for each in list(missed):
            if each in found:
                missed[each] = None
            elif complete:
                missed[each] = now if missed[each] is None else missed[each]
                if now - missed[each] >= 6.0:
                    del missed[each]
        missed |= dict.fromkeys(found)
        assert fading.all().keys() == missed.keys()
        assert set(fading.missing()) == {each for each, since in missed.items() if since is not None}


def test_while_nobody_can_look_nothing_goes():
    fading = Fading(1.0)
    fading.look({"a": 1}, 0.0)
    fading.look({}, 100.0)
    assert fading.all() == {"a": 1}
    fading.look({}, 101.0)
    assert fading.all() == {}
