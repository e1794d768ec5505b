"""What is scrubbed of what is recorded, and what is kept."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causely_core.testing.golden.scrubbing import SCRUBBED, Scrubber
from causely_core.testing.golden.words import is_secret, is_secret_parameter

SECRET_NAMES = [
    "password",
    "client_secret",
    "clientSecret",
    "access-token",
    "X-Api-Key",
    "Set-Cookie",
    "X-Amz-Signature",
]
KEPT_NAMES = ["name", "nextToken", "nextPageToken", "$skiptoken", "continuationToken", "token_type", "maxTokens", "key"]
SECRET = "hunter2"

names = st.text(max_size=8)
leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
trees = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3))


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_names_of_secrets_are_known_in_all_their_writings(name):
    assert is_secret(name)
    assert is_secret(name.upper())


@pytest.mark.parametrize("name", KEPT_NAMES)
def test_other_names_are_kept(name):
    assert not is_secret(name)


def test_a_key_is_a_secret_in_queries_only():
    assert is_secret_parameter("key")
    assert not is_secret("key")


@given(st.sampled_from(SECRET_NAMES), trees, st.lists(names, max_size=4))
def test_a_secret_is_scrubbed_however_deep_it_is(name, beside, way):
    tree = {name: [SECRET, [SECRET]], "beside": beside}
    for step in way:
        tree = {step: [tree]}
    scrubbed = json.dumps(Scrubber().tree(tree))
    assert SECRET not in scrubbed
    assert SCRUBBED in scrubbed


@given(trees)
def test_what_is_scrubbed_stays_as_it_is(tree):
    once = Scrubber().tree(tree)
    assert Scrubber().tree(once) == once


@given(trees)
def test_the_shape_is_kept(tree):
    def shape(value):
        if isinstance(value, dict):
            return {name: shape(each) for name, each in value.items()}
        return [shape(each) for each in value] if isinstance(value, list) else type(value)

    assert shape(Scrubber().tree(tree)) == shape(tree)


@given(st.binary(max_size=64), st.binary(max_size=64))
def test_lengths_of_bytes_are_kept(before, after):
    data = before + SECRET.encode() + after
    scrubbed = Scrubber(secrets=[SECRET]).data(data)
    assert len(scrubbed) == len(data)
    assert SECRET.encode() not in scrubbed
