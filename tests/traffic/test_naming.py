"""Names of operations: no identifier, and nothing a user typed, ever gets into one."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from causely_core.traffic.naming import MAX_TEXT, access, clean, keyword, path_of, short_name, template

WORDS = st.sampled_from(["users", "carts", "api", "v1", "v2beta1", "order-items", "search", "index.html"])
HEX = st.text("0123456789abcdef", min_size=16, max_size=64)
LOCAL = st.text(string.ascii_letters + string.digits + "._+-", min_size=1, max_size=20)
IDENTIFIERS = st.one_of(
    st.integers(0, 10**18).map(str),
    st.uuids().map(str),
    st.uuids().map(lambda id: f"urn:uuid:{id}"),
    st.uuids().map(lambda id: id.hex.upper()),
    HEX,
    st.builds(lambda local, at: f"{local}{at}example.com", LOCAL, st.sampled_from(["@", "%40"])),
    st.integers(0, 10**6).map(lambda n: f"order-{n}"),
    st.integers(1000, 10**9).map(lambda n: f"user{n}"),
    st.integers(0, 10**9).map(lambda n: f"{n}.json"),
    st.integers(0, 10**9).map(lambda n: f"Users({n})"),
    st.integers(0, 2**80).map(lambda n: f"01ARZ3NDEKTSV4{n:012d}"),
)


@given(st.lists(WORDS, min_size=1, max_size=4), IDENTIFIERS)
@example(["users"], "a" * 16)
@example(["users"], "alice@example.com\n")
def test_identifiers_in_a_path_never_survive(words, identifier):
    expected = "/".join(["", *words, "{id}"])
    assert template(f"/{'/'.join(words)}/{identifier}") == expected
    assert template(f"/{'/'.join(words)}/{identifier}?next={identifier}") == expected


@given(st.text(max_size=300))
def test_any_path_gives_a_short_printable_name(path):
    name = template(path)
    assert name
    assert name.isprintable()
    assert len(name) <= 9 * 41


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", "/"),
        ("/", "/"),
        ("/users", "/users"),
        ("/users/42?email=a@b.c", "/users/{id}"),
        ("/users/42#top", "/users/{id}"),
        ("/users;jsessionid=ABC/cart", "/users"),
        ("/api/v1/users", "/api/v1/users"),
        ("/apis/v1beta1/pods", "/apis/v1beta1/pods"),
        ("/v1abcdefabcdef0123456789", "/{id}"),
        ("/2024-05-01/report", "/{id}/report"),
        ("/deadbeef1", "/{id}"),
        ("/favicon.ico", "/favicon.ico"),
        ("/oauth2/token", "/oauth2/token"),
        ("/s3/bucket", "/s3/bucket"),
        ("/" + "x" * 41, "/{id}"),
        ("/a/b/c/d/e/f/g/h/i/j", "/a/b/c/d/e/f/g/*"),
        ("/users/{id}", "/users/{id}"),
    ],
)
def test_paths(path, expected):
    assert template(path) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("GET /users/42", "GET /users/{id}"),
        ("CartService.Add", "CartService.Add"),
        ("shop.Cart/Add", "shop.Cart/Add"),
        ("SELECT * FROM users WHERE name = 'bob'", "SELECT"),
        ("'); drop table", "{other}"),
        ("", "{other}"),
        ("process bob@example.com", "process {id}"),
    ],
)
def test_span_names(name, expected):
    assert short_name(name) == expected


@pytest.mark.parametrize(
    ("url", "path"),
    [("http://h/p?q=1", "/p?q=1"), ("http://h", ""), ("", ""), ("/p", ""), ("http://h/", "/")],
)
def test_path_of_a_url(url, path):
    assert path_of(url) == path


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("select 1", "SELECT"),
        ("  (SELECT 1)", "SELECT"),
        ("/* bob */ select", ""),
        ("'bob'", ""),
        ("", ""),
        ("{'find': 'users'}", ""),
    ],
)
def test_the_keyword_of_a_query(query, expected):
    assert keyword(query) == expected


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        ("SELECT orders", "read"),
        ("find", "read"),
        ("users.find", "read"),
        ("INSERT orders", "write"),
        ("findAndModify", "write"),
        ("BEGIN", ""),
        ("", ""),
        ("{other}", ""),
    ],
)
def test_reads_and_writes(operation, kind):
    assert access(operation) == kind


@given(st.text(max_size=2 * MAX_TEXT))
def test_what_names_an_entity_is_short_and_printable(text):
    assert len(clean(text)) <= MAX_TEXT
    assert clean(text).isprintable()


def test_control_characters_become_question_marks():
    assert clean("a\nb\x00c‮d") == "a?b?c?d"
