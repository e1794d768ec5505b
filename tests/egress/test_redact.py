"""What is hidden, what is left alone, and that the same text always becomes the same."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causely_core.egress.patterns import luhn
from causely_core.egress.redact import bound, clean, redact

KEY = b"k" * 32

SECRETS = [
    ("email", "jane.doe+shop@example.co.uk", "{}"),
    ("token", "abc.def-123", "Bearer {}"),
    ("token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "{}"),
    ("credentials", "root:s3cret", "postgres://{}@db/orders"),
    ("secret", "hunter2", "password={}"),
    ("query", "user=7&card=1", "GET /orders?{}"),
    ("secret", "deadbeef" * 8, "sha256:{}"),
    ("secret", "dGhpcyBpcyBhIHNlY3JldCBrZXkgMTIzNDU2", "{}"),
    ("secret", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "{}"),
    ("secret", "AKIAIOSFODNN7EXAMPLE", "{}"),
    ("card", "4111 1111 1111 1111", "pay {}"),
]
HARMLESS = [
    "checkout",
    "Operation:shop/api:GET /api/v1/users/{id}",
    "Pod:default/checkout-7d9f8b6c5d-x2x4z",
    "ConnectionPoolUtilization_High RequestLatency_High GarbageCollection_High",
    "bearer-service",
    "1d0c2ef4-3c1c-4d6e-8f10-6e2f1b7f5a11",
    "ExternalService:10.0.0.3:5432",
    "order 1234567890123",
    "registry.example.com/shop/checkout",
    "/var/lib/kubelet/pods/volumes/Kubernetes-Projected",
]


@pytest.mark.parametrize(("kind", "secret", "around"), SECRETS)
def test_secrets_are_hidden_under_their_kind(kind, secret, around):
    redacted = redact(around.format(secret), KEY)
    assert secret not in redacted.text
    assert f"[{kind}~" in redacted.text
    assert redacted.kinds[kind] == 1


@pytest.mark.parametrize("text", HARMLESS)
def test_names_of_things_are_left_alone(text):
    assert redact(text, KEY).text == text


@pytest.mark.parametrize("ip", ["10.0.0.3", "fe80::1:2", "::1"])
def test_addresses_are_hidden_only_on_request(ip):
    text = f"host {ip} down"
    assert redact(text, KEY).text == text
    assert ip not in redact(text, KEY, ips=True).text


def test_versions_and_times_are_no_addresses():
    assert redact("v1.2.3.4.5 at 12:30", KEY, ips=True).text == "v1.2.3.4.5 at 12:30"


@given(st.text())
def test_redaction_is_stable_and_repeating_it_changes_nothing(text):
    once = redact(text, KEY, ips=True)
    assert redact(text, KEY, ips=True) == once
    assert redact(once.text, KEY, ips=True).text == once.text


@given(st.text(" /:", max_size=9), st.text(" /:", max_size=9), st.sampled_from(SECRETS))
def test_no_secret_survives_between_separators(before, after, case):
    _, secret, around = case
    assert secret not in redact(before + around.format(secret) + after, KEY).text


@given(st.emails(), st.emails())
def test_different_people_stay_different(one, other):
    assert (redact(one, KEY).text == redact(other, KEY).text) == (one == other)


def test_another_key_gives_another_hash():
    assert redact("a@example.com", b"1").text != redact("a@example.com", b"2").text


@given(st.text(), st.integers(16, 64))
def test_bounded_texts_fit(text, limit):
    assert len(bound(text, limit, KEY).text.encode()) <= limit


@given(st.text(string.ascii_letters, min_size=65), st.text(string.ascii_letters, min_size=65))
def test_cut_texts_stay_different(one, other):
    assert (bound(one, 64, KEY).text == bound(other, 64, KEY).text) == (one == other)


def test_lone_surrogates_do_not_cross():
    assert clean("a\ud800b", 64, KEY).text == "a?b"


@pytest.mark.parametrize(
    ("digits", "valid"),
    [("4111111111111111", True), ("4111111111111112", False), ("0", False), ("378282246310005", True)],
)
def test_luhn(digits, valid):
    assert luhn(digits) is valid
