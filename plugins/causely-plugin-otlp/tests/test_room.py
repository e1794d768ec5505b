import pytest
from causely_plugin_otlp.errors import Overloaded
from causely_plugin_otlp.room import Room


def test_room_is_taken_and_given_back():
    room = Room(10)
    room.take(6)
    room.take(4)
    with pytest.raises(Overloaded):
        room.take(1)
    room.give(6)
    room.take(1)
    assert room.used == 5


def test_a_refusal_takes_nothing():
    room = Room(10)
    room.take(6)
    with pytest.raises(Overloaded, match="again later"):
        room.take(5)
    assert room.used == 6


def test_a_single_request_may_be_larger_than_all_the_room():
    room = Room(10)
    room.take(11)
    with pytest.raises(Overloaded):
        room.take(1)
