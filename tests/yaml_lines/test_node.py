"""YAML that a plugin reads: its own errors, with places."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from causely_core.errors import ConfigError
from causely_core.yaml_lines import YamlNode, documents


class AcmeError(ConfigError):
    """What acme raises."""


class AcmeNode(YamlNode):
    error = AcmeError


def read(text):
    (node,) = documents(text, "acme.yaml", AcmeNode)
    return node


def test_values_are_read_by_their_kind():
    fields = read("{a: 1.5, b: [x, y], c: z}").fields(("a", "b"), ("c",))
    assert fields["a"].number() == 1.5
    assert [each.text() for each in fields["b"].some()] == ["x", "y"]
    assert [each.text() for each in fields["c"].one_or_more()] == ["z"]


@pytest.mark.parametrize(
    ("text", "ask", "said"),
    [
        ("a: x", lambda node: node.mapping()["a"].number(), "acme.yaml:1: expected a number, got 'x'"),
        ("\na: []", lambda node: node.mapping()["a"].some(), "acme.yaml:2: expected a list of one or more"),
        (
            "a: 1\nbe: 2",
            lambda node: node.fields(("a",), ("bee",)),
            "acme.yaml:2: unknown key 'be', did you mean 'bee'?",
        ),
        ("a: 1", lambda node: node.fields(("b", "a")), "acme.yaml:1: 'b' is missing"),
    ],
)
def test_what_is_wrong_is_an_error_of_the_reader(text, ask, said):
    with pytest.raises(AcmeError) as found:
        ask(read(text))
    assert str(found.value).startswith(said)


@given(st.text())
def test_any_text_is_yaml_or_one_line_with_its_place(text):
    try:
        documents(text, "acme.yaml", AcmeNode)
    except AcmeError as problem:
        (line,) = problem.lines
        assert line.startswith("acme.yaml:")
        assert "\n" not in line


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_read_as_it_was_written(number):
    assert read(yaml.safe_dump({"a": number})).mapping()["a"].number() == number
