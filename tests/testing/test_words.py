"""The harness knows the attributes of docs/attributes.md, all of them."""

import re
from itertools import dropwhile, takewhile
from pathlib import Path

import pytest

from causely_core.testing.words import known_attributes, require_known

DOCS = Path(__file__).parents[2] / "docs" / "attributes.md"


def documented():
    lines = dropwhile(lambda line: not line.startswith("| attribute"), DOCS.read_text().splitlines())
    for row in list(takewhile(lambda line: line.startswith("|"), lines))[2:]:
        first, *others = re.findall(r"`([^`]+)`", row.split("|")[1])
        yield first
        yield from (first.rpartition(".")[0] + one if one.startswith(".") else one for one in others)


def test_what_is_documented_is_known_and_nothing_else():
    assert set(documented()) == known_attributes()


def test_a_typing_error_is_told_with_what_was_meant():
    with pytest.raises(
        pytest.fail.Exception, match="'request_rat' is not known; to fix: write 'request_rate', or declare"
    ):
        require_known("request_rat", known_attributes(), "attribute", "attributes")
