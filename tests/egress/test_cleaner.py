"""What is remembered of texts that crossed."""

from causely_core.egress.cleaner import Cleaner
from causely_core.egress.tally import Tally
from causely_core.model import EntityId

PEOPLE = [EntityId(f"Service:{name}@example.com") for name in ("ann", "bob", "eve")]


def test_the_oldest_is_forgotten_when_there_is_no_room_left():
    cleaner, tally = Cleaner(b"key", memory=2), Tally()
    crossed = [cleaner.id(id, tally) for id in PEOPLE]
    assert not set(crossed) & set(PEOPLE)
    assert [cleaner.original(id) for id in crossed] == [crossed[0], *PEOPLE[1:]]
