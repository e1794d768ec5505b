"""Templates."""

import pytest
from attrs import evolve
from causely_plugin_prometheus.mapping.template import Template
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{a}/{b}", "1/2"),
        ("{none|b}", "2"),
        ("{a|b}", "1"),
        ("{a}/{none}", ""),
        ("{empty}", ""),
        ("plain", "plain"),
    ],
)
def test_labels_take_their_places(text, filled):
    assert Template.of(text).fill({"a": "1", "b": "2", "empty": ""}) == filled


@pytest.mark.parametrize(
    ("labels", "filled"),
    [({"a": "1", "b": "2"}, "1/2"), ({"a": "1"}, "1"), ({"b": "2"}, "2"), ({}, "")],
)
def test_otherwise_another_one_counts(labels, filled):
    last = Template.of("{b}")
    assert evolve(Template.of("{a}/{b}"), otherwise=evolve(Template.of("{a}"), otherwise=last)).fill(labels) == filled


@pytest.mark.parametrize("text", ["{", "a}", "{}", "{a|}", "{a b}", "{{a}}", "{1}"])
def test_what_is_no_template_is_said(text):
    with pytest.raises(ValueError, match="expected labels in braces"):
        Template.of(text)


@given(st.dictionaries(st.from_regex(r"[a-z]{1,3}", fullmatch=True), st.text(min_size=1), min_size=1))
def test_values_are_taken_as_they_are(labels):
    template = Template.of("-".join(f"{{{name}}}" for name in labels))
    assert template.fill(labels) == "-".join(labels.values())
