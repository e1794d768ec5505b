import pytest
from causely_plugin_otlp.attributes import decode, key_of, number, plain, text
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.common.v1.common_pb2 import KeyValue

from causely_core.traffic.naming import MAX_TEXT

from .builders import any_value, key_values

VALUES = st.one_of(st.text(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False), st.booleans())
ATTRIBUTES = st.dictionaries(st.text(min_size=1), VALUES, max_size=8)


def serialized(values):
    return [each.SerializeToString() for each in key_values(values)]


@given(ATTRIBUTES)
def test_plain_values_come_back_from_bytes_and_from_messages(values):
    assert plain(key_values(values)) == decode(serialized(values)) == values


@given(st.text(max_size=300))
def test_the_key_of_a_serialized_attribute(key):
    (attribute,) = serialized({key: "value"})
    assert key_of(attribute) == key.encode()


def test_a_key_that_comes_after_its_value_is_found():
    value, key = KeyValue(value=any_value("v")), KeyValue(key="k")
    attribute = value.SerializeToString() + key.SerializeToString()
    assert key_of(attribute) == b"k"
    assert decode([attribute]) == {"k": "v"}


@given(st.binary(max_size=200))
def test_any_bytes_are_an_attribute_or_none(data):
    assert isinstance(key_of(data), bytes)
    assert all(isinstance(key, str) for key in decode([data]))


def test_lists_and_empty_values_are_left_out():
    assert decode(serialized({"list": ["a"], "kept": "b"})) == {"kept": "b"}
    assert plain([KeyValue(key="empty")]) == {}


def test_of_a_repeated_key_the_same_value_wins_in_any_order():
    repeated = serialized({"k": "a"}) + serialized({"k": "b"})
    assert decode(repeated) == decode(repeated[::-1])


def test_the_first_key_that_has_a_value_counts():
    assert text({"new": "", "old": "x"}, ("new", "old")) == "x"
    assert text({"new": 0, "old": "x"}, ("new", "old")) == "0"
    assert text({}, ("new", "old")) == ""


@given(VALUES)
def test_text_is_short_and_printable(value):
    found = text({"k": value}, ("k",))
    assert len(found) <= MAX_TEXT
    assert found.isprintable()


@pytest.mark.parametrize(
    ("value", "expected"),
    [(200, 200), ("200", 200), (-1, 0), ("", 0), ("two", 0), (1.5, 0), (True, 0), ("٢٠٠", 0), (10**12, 0)],
)
def test_numbers(value, expected):
    assert number({"k": value}, ("k",)) == expected
