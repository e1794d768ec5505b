"""Events of the last ten minutes."""

from causely_core.host import WINDOW, Recent


def test_events_count_for_ten_minutes():
    recent = Recent()
    assert recent.add("a", None, 0) is None
    assert recent.add("a", 0.0, 1) == 0.0
    assert recent.add("a", 2.0, 2) == 2.0
    assert recent.add("a", None, 3) == 2.0
    assert recent.add("a", 1.0, WINDOW + 2) == 3.0
    assert recent.add("a", 0.0, WINDOW + 3) == 1.0
    recent.forget(3 * WINDOW)
    assert recent.add("a", None, 3 * WINDOW) is None
