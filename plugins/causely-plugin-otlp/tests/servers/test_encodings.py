"""Content encodings: pieces of any size, and no more than is allowed."""

import gzip
import zlib

import pytest
from causely_plugin_otlp.errors import BadPayload, TooLarge, UnknownType
from causely_plugin_otlp.servers.encodings import decompressor_of
from hypothesis import given
from hypothesis import strategies as st

ENCODINGS = {"": bytes, "identity": bytes, "gzip": gzip.compress, "x-gzip": gzip.compress, "deflate": zlib.compress}


def decoded(encoding, body, step, limit):
    decompressor, plain = decompressor_of(encoding), b""
    for start in range(0, len(body), step):
        plain += decompressor.feed(body[start : start + step], limit - len(plain))
    decompressor.end()
    return plain


@given(st.binary(max_size=500), st.sampled_from(sorted(ENCODINGS)), st.integers(1, 600))
def test_pieces_do_not_matter(plain, encoding, step):
    assert decoded(encoding, ENCODINGS[encoding](plain), step, len(plain)) == plain


@given(st.binary(min_size=1, max_size=500), st.sampled_from(sorted(ENCODINGS)), st.integers(1, 600))
def test_one_byte_more_than_is_allowed_is_too_large(plain, encoding, step):
    with pytest.raises(TooLarge):
        decoded(encoding, ENCODINGS[encoding](plain), step, len(plain) - 1)


@given(st.binary(max_size=500), st.sampled_from(["gzip", "deflate"]), st.integers(1, 600), st.binary(min_size=1))
def test_what_follows_the_end_is_a_bad_payload(plain, encoding, step, rest):
    with pytest.raises(BadPayload):
        decoded(encoding, ENCODINGS[encoding](plain) + rest, step, 1000)


@given(st.binary(max_size=500), st.sampled_from(["gzip", "deflate"]), st.data())
def test_what_is_cut_off_is_a_bad_payload(plain, encoding, data):
    body = ENCODINGS[encoding](plain)
    with pytest.raises(BadPayload):
        decoded(encoding, body[: data.draw(st.integers(0, len(body) - 1))], 100, 1000)


@given(st.binary(max_size=500), st.sampled_from(["gzip", "deflate"]))
def test_noise_is_a_bad_payload(noise, encoding):
    with pytest.raises(BadPayload):
        decoded(encoding, b"\xff" + noise, 100, 1000)


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "zstd"])
def test_an_unknown_encoding_says_what_is_known(encoding):
    with pytest.raises(UnknownType, match="expected gzip, deflate or identity"):
        decompressor_of(encoding)
