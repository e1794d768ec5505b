from causely_plugin_otlp.logs.drain import Drain
from causely_plugin_otlp.logs.masking import words_of
from hypothesis import given
from hypothesis import strategies as st

WORDS = st.sampled_from("connection to db refused timeout user login failed order paid 17 0xff a1b2c3 <*>".split())
MESSAGES = st.lists(WORDS, max_size=6).map(" ".join)


def add(drain, *messages):
    for message in messages:
        drain.add(words_of(message))
    return drain.templates()


def test_messages_that_differ_in_numbers_are_of_one_kind():
    found = add(Drain(10), "order 17 failed after 30ms", "order 4711 failed after 2ms")

    assert found == [("order <*> failed after <*>", 2)]


def test_messages_that_differ_in_a_word_become_one_template():
    found = add(Drain(10), "cannot reach host alpha today", "cannot reach host beta today")

    assert found == [("cannot reach host <*> today", 2)]


def test_messages_of_other_kinds_are_kept_apart_the_most_frequent_first():
    found = add(Drain(10), "out of memory", "connection refused", "out of memory", "cannot open the file")

    assert found == [("out of memory", 2), ("cannot open the file", 1), ("connection refused", 1)]


def test_the_template_longest_unseen_makes_room():
    found = add(Drain(2), "first kind here", "second sort of thing", "first kind here", "a third one of its own")

    assert found == [("first kind here", 2), ("a third one of its own", 1)]


def test_empty_messages_are_a_kind_too():
    assert add(Drain(1), "", "  ") == [("", 2)]


@given(st.lists(st.one_of(MESSAGES, st.text(max_size=60)), max_size=60), st.integers(1, 5))
def test_templates_are_bounded_and_the_last_message_is_always_counted(messages, limit):
    drain = Drain(limit)
    for message in messages:
        before = drain.add(words_of(message)).count
        assert drain.add(words_of(message)).count == before + 1

    assert len(drain) <= limit
    assert len(drain.templates()) == len(drain)


@given(st.lists(MESSAGES, min_size=1, max_size=30))
def test_a_template_is_of_its_own_kind(messages):
    drain = Drain(100)
    for message in messages:
        cluster = drain.add(words_of(message))
        template = cluster.template
        assert drain.add(words_of(template)) is cluster
        assert cluster.template == template


@given(st.lists(MESSAGES, max_size=30))
def test_every_message_is_counted_once_while_there_is_room(messages):
    assert sum(count for _, count in add(Drain(100), *messages)) == len(messages)
