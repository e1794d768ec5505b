import pytest
from causely_plugin_otlp.logs.masking import MAX_TOKENS, words_of
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("message", "masked"),
    [
        ("took 12.5ms at 2024-05-01T10:00:00Z", "took <*> at <*>"),
        ("user 6a1f7e0c-6dd2-4d0c-9d7a-0d0f5a1c9b3e is gone", "user <*> is gone"),
        ("dial tcp 10.0.0.7:5432: refused", "dial tcp <*>: refused"),
        ("at 0xDEADBEEF in frame", "at <*> in frame"),
        ("commit 3f2a9bc1 not found", "commit <*> not found"),
        ('no such user "jane doe"', "no such user <*>"),
        ("can't open 'a b' for jane", "can't open <*> for jane"),
        ("mail to jane@example.org bounced", "mail to <*> bounced"),
        ("worker-7a died", "worker-<*> died"),
        ("worker7 died", "<*> died"),
        ("delta of -3", "delta of <*>"),
        ("route fe80:0:0:1:2:3:4:5 lost", "route <*> lost"),
        ("first line\nsecond line", "first line"),
        ("facade decade", "facade decade"),
    ],
)
def test_what_varies_is_masked(message, masked):
    assert " ".join(words_of(message)) == masked


def test_long_messages_are_cut():
    assert len(words_of("a " * 1000)) == MAX_TOKENS


@given(st.text(max_size=500))
def test_masking_twice_is_masking_once(message):
    once = words_of(message)

    assert words_of(" ".join(once)) == once
    assert not any(character.isdigit() for word in once for character in word)
