"""Noticing agents that do not come back."""

from causely_core.services.mediator.attendance import Attendance


def test_who_is_away_for_longer_than_the_limit_is_gone():
    attendance = Attendance(60.0)
    assert attendance.gone({"a", "b"}, {"a"}, 100.0) == []
    assert attendance.gone({"a", "b"}, {"a"}, 160.0) == []
    assert attendance.gone({"a", "b"}, {"a"}, 161.0) == ["b"]


def test_who_comes_back_begins_anew():
    attendance = Attendance(60.0)
    attendance.gone({"a"}, (), 100.0)
    attendance.gone({"a"}, {"a"}, 150.0)
    assert attendance.gone({"a"}, (), 170.0) == []
    assert attendance.gone({"a"}, (), 231.0) == ["a"]
